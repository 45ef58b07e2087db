//! How far a peer is with what was published before a FLUSH.

use crate::core::input::Millis;
use crate::wire::Summary;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Progress {
    /// It has taken everything.
    Taken,
    /// It is being told, or has not answered yet.
    Waits,
    /// It has been told everything, and can be asked. This is the last summary of its set that it has sent us.
    Told(Option<Summary>),
    /// It is a server that is not there. The owner said CONNECT at this time.
    Absent(Millis),
}
