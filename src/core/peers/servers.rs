//! The table of servers.

use super::server::Server;
use crate::core::input::Millis;
use crate::core::link::ServerId;
use crate::core::security::CurveClient;

/// All servers to which the owner has connected, by number. A number is never used again.
#[derive(Debug, Default)]
pub(in crate::core) struct Servers {
    slots: Vec<Option<Box<Server>>>,
}

impl Servers {
    pub(in crate::core) fn add(
        &mut self,
        endpoint: &[u8],
        curve: Option<Box<CurveClient>>,
        now: Millis,
    ) -> ServerId {
        self.slots.push(Some(Box::new(Server::new(endpoint, curve, now))));
        ServerId((self.slots.len() - 1) as u32)
    }

    pub(in crate::core) fn find(&self, endpoint: &[u8]) -> Option<ServerId> {
        self.iter().find(|(_, server)| server.endpoint() == endpoint).map(|(id, _)| id)
    }

    pub(super) fn get(&self, id: ServerId) -> Option<&Server> {
        self.slots.get(id.0 as usize)?.as_deref()
    }

    pub(super) fn get_mut(&mut self, id: ServerId) -> Option<&mut Server> {
        self.slots.get_mut(id.0 as usize)?.as_deref_mut()
    }

    pub(in crate::core) fn remove(&mut self, id: ServerId) -> Option<Box<Server>> {
        self.slots.get_mut(id.0 as usize)?.take()
    }

    pub(in crate::core) fn iter(&self) -> impl Iterator<Item = (ServerId, &Server)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(slot, server)| Some((ServerId(slot as u32), server.as_deref()?)))
    }

    pub(in crate::core) fn iter_mut(&mut self) -> impl Iterator<Item = (ServerId, &mut Server)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(slot, server)| Some((ServerId(slot as u32), server.as_deref_mut()?)))
    }
}
