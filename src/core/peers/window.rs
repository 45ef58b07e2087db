//! The window: how many tuples may be under way to a server.
//!
//! The k-th PONG of a connection answers its k-th PING, and a server answers in order. So a PONG tells that
//! all that was sent before its PING has been taken. At most a window of tuples is sent beyond that.

use crate::core::input::Millis;
use std::collections::VecDeque;

/// Most tuples that may be under way to a server before it must have answered a PING behind them.
const SIZE: u64 = 20_000;
/// Behind every so many tuples there is a PING, whose PONG moves the window on.
const PING_EVERY: u64 = SIZE / 8;
/// So many PINGs are remembered until their PONGs come. A server that never answers must not make the list
/// grow, and what one PONG would tell, a later one tells as well.
const MOST_UNANSWERED: usize = 64;

/// A PING that has not been answered yet.
#[derive(Debug)]
struct Unanswered {
    number: u64,
    /// How many tuples were sent before it.
    tuples: u64,
    sent_at: Millis,
}

/// What has been sent on a connection with a server, and how much of it has been taken.
#[derive(Debug, Default)]
pub(in crate::core) struct Window {
    pings: u64,
    pongs: u64,
    /// Tuples that were sent; how many of them are known to have been taken; how many had been sent at the
    /// last PING.
    tuples: u64,
    taken: u64,
    tuples_at_ping: u64,
    unanswered: VecDeque<Unanswered>,
    /// When anything was last sent.
    sent_at: Millis,
    /// How long the last PONG took.
    round_trip: Option<Millis>,
    /// The server has left a PING unanswered for too long. It gets tuples without a window.
    mute: bool,
}

impl Window {
    /// How many PINGs were sent on this connection.
    pub(in crate::core) fn pings(&self) -> u64 {
        self.pings
    }

    /// How many PONGs have come on this connection.
    pub(in crate::core) fn pongs(&self) -> u64 {
        self.pongs
    }

    pub(in crate::core) fn is_mute(&self) -> bool {
        self.mute
    }

    pub(super) fn falls_mute(&mut self) {
        self.mute = true;
    }

    pub(in crate::core) fn sent_at(&self) -> Millis {
        self.sent_at
    }

    pub(in crate::core) fn round_trip(&self) -> Option<Millis> {
        self.round_trip
    }

    /// Whether it was sent tuples by this connection and has answered a PING, and so answers them all.
    pub(super) fn is_in_use(&self) -> bool {
        self.pongs > 0 && self.tuples > 0
    }

    /// Whether all tuples that were sent must have been taken.
    pub(super) fn is_all_taken(&self) -> bool {
        self.taken == self.tuples
    }

    /// Whether a PONG is awaited.
    pub(super) fn awaits_pong(&self) -> bool {
        self.pings > self.pongs && !self.mute
    }

    /// Whether the server has to take some of what is under way before it is sent more.
    pub(super) fn is_full(&self) -> bool {
        !self.mute && self.tuples - self.taken >= SIZE
    }

    /// A PING is sent now. Returns its number.
    pub(in crate::core) fn count_ping(&mut self, now: Millis) -> u64 {
        self.pings += 1;
        self.sent_at = now;
        self.tuples_at_ping = self.tuples;
        if self.unanswered.len() < MOST_UNANSWERED {
            let (number, tuples) = (self.pings, self.tuples);
            self.unanswered.push_back(Unanswered { number, tuples, sent_at: now });
        }
        self.pings
    }

    /// A PONG has come.
    pub(super) fn count_pong(&mut self, now: Millis) {
        self.pongs = (self.pongs + 1).min(self.pings);
        self.mute = false;
        while let Some(ping) = self.unanswered.front().filter(|ping| ping.number <= self.pongs) {
            self.taken = ping.tuples;
            self.round_trip = Some(now.saturating_sub(ping.sent_at));
            self.unanswered.pop_front();
        }
    }

    /// A tuple is sent now. Whether a PING has to follow it.
    pub(in crate::core) fn count_tuple(&mut self, now: Millis) -> bool {
        self.tuples += 1;
        self.sent_at = now;
        self.tuples - self.tuples_at_ping >= PING_EVERY
    }

    /// A tuple is sent now. Whether a PING has to follow it, which is then counted as well.
    pub(in crate::core) fn count_tuple_and_ping(&mut self, now: Millis) -> bool {
        let due = self.count_tuple(now);
        if due {
            self.count_ping(now);
        }
        due
    }
}
