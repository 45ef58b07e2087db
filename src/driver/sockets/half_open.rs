//! Finds connections whose peer has vanished while something was under way to it.
//!
//! The kernel's keepalive does not ask while something waits to be acknowledged, and its own patience is a
//! quarter of an hour. The limit that it has, TCP_USER_TIMEOUT, also ends connections that make progress: those
//! whose peer reads slowly, and so has a closed window again and again, are ended that long after the first time.
//! So the kernel is only asked when it heard of the peer last.

use crate::core::Millis;
use crate::driver::ffi::{Connection, Message};

/// A peer whose kernel has acknowledged nothing for so long, although something was under way, has gone.
const UNACKNOWLEDGED: Millis = 18_000;
/// How often a connection is looked at. Ten thousand of them are 3 ms of work a second.
const INTERVAL: Millis = 3000;

/// A connection that is looked at from time to time.
#[derive(Debug)]
pub(crate) struct HalfOpen {
    connection: Connection,
    looked_at: Millis,
    /// Something has been under way and nothing acknowledged at each look since then.
    silent_since: Option<Millis>,
}

impl HalfOpen {
    /// The connection that this message came by; None where it has no TCP.
    pub(crate) fn of(message: &Message, now: Millis) -> Option<HalfOpen> {
        let connection = Connection::of(message)?;
        Some(HalfOpen { connection, looked_at: now, silent_since: None })
    }

    pub(crate) fn connection(&self) -> Connection {
        self.connection
    }

    /// How many bytes the peer's kernel has acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.connection.traffic().map_or(0, |traffic| traffic.acknowledged)
    }

    /// Look if it is time to, and end the connection if its peer has gone. False where nothing is left to
    /// look at.
    pub(crate) fn look(&mut self, now: Millis) -> bool {
        let since_last = now.saturating_sub(self.looked_at);
        if since_last < INTERVAL {
            return true;
        }
        self.looked_at = now;
        let Some(traffic) = self.connection.traffic() else { return false };
        if !traffic.is_under_way || traffic.silence < since_last {
            self.silent_since = None;
            return true;
        }
        let since = *self.silent_since.get_or_insert(now);
        let gone = now.saturating_sub(since) >= UNACKNOWLEDGED;
        if gone {
            self.connection.end();
        }
        !gone
    }
}
