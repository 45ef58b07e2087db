//! Servers that are given by name: looked up, and connected once there is an address.

use super::Actor;
use super::readiness::SocketId;
use super::servers::Server;
use crate::core::ServerId;
use crate::driver::ffi::ZmqError;
use crate::driver::reason::Reason;
use crate::driver::sockets::{Dealer, Name, Resolver, next_address};
use std::net::SocketAddr;
use std::time::Duration;

/// A name that has no answer for so long is worth a warning.
const SLOW: Duration = Duration::from_secs(3);

/// A server's name, and the address that was tried last.
pub(super) struct Named {
    name: Name,
    tried: Option<SocketAddr>,
}

impl Named {
    pub(super) fn of(endpoint: &[u8]) -> Option<Named> {
        Some(Named { name: Name::of(endpoint)?, tried: None })
    }
}

impl Server {
    /// It has been down for a while: it may be somewhere else. A reason to warn, where there is one.
    pub(super) fn look_up_again(
        &mut self,
        id: ServerId,
        resolver: Option<&mut Resolver>,
    ) -> Option<String> {
        let (resolver, named) = (resolver?, self.named.as_ref()?);
        if let Some(waited) = resolver.waited(id) {
            let slow = format!("no answer to its name for {} seconds", waited.as_secs());
            return (waited >= SLOW).then_some(slow);
        }
        let asked = resolver.ask(id, &named.name, self.dealer.socket().families());
        asked.err().map(|error| error.to_string())
    }

    /// Its name has been found at these addresses.
    fn is_found_at(&mut self, found: &[SocketAddr]) -> Result<(), ZmqError> {
        let Some(named) = self.named.as_mut() else { return Ok(()) };
        let Some(address) = next_address(found, named.tried) else { return Ok(()) };
        named.tried = Some(address);
        let endpoint = named.name.at(address);
        match self.dealer.endpoint() {
            // libzmq is trying that one.
            Some(present) if present == endpoint => Ok(()),
            _ => self.dealer.connect_to(&endpoint),
        }
    }
}

impl Actor<'_> {
    /// A server is new. Nothing to do where it has no name.
    pub(super) fn look_up_first(
        &mut self,
        id: ServerId,
        named: Option<&Named>,
        dealer: &Dealer,
    ) -> Result<(), Reason> {
        let Some(named) = named else { return Ok(()) };
        if self.resolver.is_none() {
            let resolver = Resolver::new()?;
            self.poller.add(resolver.descriptor(), SocketId::Names.number())?;
            self.resolver = Some(resolver);
        }
        let families = dealer.socket().families();
        self.resolver.iter_mut().try_for_each(|it| it.ask(id, &named.name, families))?;
        Ok(())
    }

    /// Names have been looked up.
    // Out of line: see `Actor::new`.
    #[inline(never)]
    pub(super) fn serve_names(&mut self) -> Result<(), ZmqError> {
        if !std::mem::take(&mut self.names_came) {
            return Ok(());
        }
        let answers = self.resolver.as_mut().map(Resolver::take).unwrap_or_default();
        for (id, found) in answers {
            let Some(server) = self.servers.get_mut(id) else { continue };
            // A torn DEALER is replaced first.
            if !server.is_down() || server.dealer.is_torn() {
                continue;
            }
            let connected = found
                .and_then(|found| server.is_found_at(&found).map_err(|error| error.to_string()));
            self.servers.mark_ready(id);
            if let Err(reason) = connected {
                self.server_refused(id, &reason)?;
            }
        }
        Ok(())
    }
}
