//! The simulator: networks of production nodes and of model CZMQ nodes, in virtual time.
//!
//! A seed means a run: the same seed gives the same run, frame by frame. `docs/convergence.md` has the
//! figures, and tells how to run more seeds.

mod acts;
mod broken;
mod bytes;
mod czmq_node;
mod faults;
mod frames;
mod hostile;
mod messages;
mod nodes;
mod plan;
mod runs;
mod slow_line;
mod topology;
mod verdict;
mod watch;
mod workload;
mod world;

use czmq_node::CzmqNode;

/// All randomness of a run comes from here: xorshift64*.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        // So that runs of neighbouring seeds do not begin alike.
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit.max(1)
    }

    /// A number from the range, ends included.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True one time in so many.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
