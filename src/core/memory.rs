//! Whether there is memory for a large value.
//!
//! A process that is refused memory ends. A value comes from outside, so before it is taken it is asked whether there
//! is room for all the copies that its way through a node makes.

use std::hint::black_box;

/// Smaller values are not asked about: what they need is there, or nothing is.
pub(in crate::core) const LARGE: usize = 64 << 10;
/// A node that holds and forwards a value grows by so many times its bytes at most.
const COPIES: usize = 3;

/// Whether a value of so many bytes can be taken.
#[inline]
pub(crate) fn has_room(size: usize) -> bool {
    size <= LARGE || can_be_had(size.saturating_mul(COPIES))
}

#[cold]
fn can_be_had(size: usize) -> bool {
    let mut room: Vec<u8> = Vec::new();
    let had = room.try_reserve_exact(size).is_ok();
    // Otherwise the compiler leaves out what is never used.
    black_box(&room);
    had
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_machine_has_is_not_had() {
        assert!(has_room(0) && has_room(1 << 20));
        assert!(!has_room(isize::MAX as usize / COPIES + 1));
        assert!(!has_room(usize::MAX));
    }
}
