//! When a peer that is catching up is sent more, and how much.

use crate::core::input::Millis;

/// Most messages that one peer is sent in one turn, so that the owner and the other peers get theirs in between.
const CHUNK: usize = 500;
/// First and longest pause before a peer that could not take more is tried again.
const FIRST_RETRY: Millis = 2;
const LONGEST_RETRY: Millis = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It took what it was sent last.
    Free,
    /// It could not take more.
    Full,
    /// It is sent one message, to see whether it can.
    Tried,
}

/// Whether a peer takes what it is sent. It outlasts the catching up: a peer that does not read, and lacks one
/// message, is not tried any more often than one that lacks all.
#[derive(Debug)]
pub(in crate::core) struct Flow {
    state: State,
    pause: Millis,
    not_before: Millis,
    /// Whether it stands in the queue of those that are catching up.
    queued: bool,
}

impl Default for Flow {
    fn default() -> Flow {
        Flow { state: State::Free, pause: 0, not_before: 0, queued: false }
    }
}

impl Flow {
    /// When it may be sent more.
    pub(in crate::core) fn not_before(&self) -> Millis {
        self.not_before
    }

    /// Nothing is sent before this time.
    pub(in crate::core) fn rests_until(&mut self, at: Millis) {
        self.not_before = self.not_before.max(at);
    }

    /// Whether it stands in the queue of those that are catching up from now on; whether it did before.
    pub(super) fn is_queued(&mut self, queued: bool) -> bool {
        std::mem::replace(&mut self.queued, queued)
    }

    /// It has a turn: how many messages it may be sent.
    pub(in crate::core) fn begins_turn(&mut self) -> usize {
        let (state, most) = match self.state {
            State::Full => (State::Tried, 1),
            State::Free | State::Tried => (State::Free, CHUNK),
        };
        self.state = state;
        most
    }

    /// A message did not go out: pause, longer each time that not a single one did. Those that follow it in the same
    /// chunk do not go out either, and add nothing to the pause.
    pub(super) fn is_full(&mut self, now: Millis) {
        if self.state == State::Full && now < self.not_before {
            return;
        }
        let stuck = self.state == State::Tried;
        self.pause = if stuck { self.pause * 2 } else { 0 }.clamp(FIRST_RETRY, LONGEST_RETRY);
        self.state = State::Full;
        self.rests_until(now.saturating_add(self.pause));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_chunk_that_does_not_go_out_is_one_pause() {
        let mut flow = Flow::default();
        assert_eq!(flow.begins_turn(), CHUNK);
        (0..CHUNK).for_each(|_| flow.is_full(1000));
        assert_eq!(flow.not_before(), 1002);
    }

    #[test]
    fn pauses_grow_while_nothing_goes_out_and_one_message_is_tried_at_a_time() {
        let (mut flow, mut now, mut pauses) = (Flow::default(), 1000, Vec::new());
        flow.is_full(now);
        for _ in 0..8 {
            pauses.push(flow.not_before() - now);
            now = flow.not_before();
            assert_eq!(flow.begins_turn(), 1);
            flow.is_full(now);
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 100, 100]);
        now = flow.not_before();
        assert_eq!((flow.begins_turn(), flow.begins_turn()), (1, CHUNK), "it went out");
        flow.is_full(now);
        assert_eq!(flow.not_before() - now, 2);
    }
}
