//! What a node knows: the tuple set, the clock that stamps come from, and the value history.

mod clock;
mod history;
mod index;
mod log;
mod set;
mod tuple;

#[cfg(test)]
pub(super) use clock::LARGEST_LEAD;
pub(super) use clock::{Clock, too_far};
#[cfg(test)]
pub(super) use history::DEPTH;
pub(super) use history::ValueHistory;
pub(super) use set::change::{Accepted, Refusal};
pub(super) use set::{Found, Place, TupleSet};
