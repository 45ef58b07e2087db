//! A cursor: how far a peer has been told the log of tuples.

/// A position in the log of tuples: what follows it has not been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) struct Cursor {
    position: usize,
}

impl Cursor {
    /// Everything from this position on has to be told.
    pub(in crate::core) fn from(position: usize) -> Cursor {
        Cursor { position }
    }

    pub(in crate::core) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn position_mut(&mut self) -> &mut usize {
        &mut self.position
    }

    /// What stands before this position went out.
    pub(in crate::core) fn moves_to(&mut self, position: usize) {
        self.position = position;
    }

    /// The tuple at this position did not go out.
    pub(super) fn goes_back_to(&mut self, position: usize) {
        self.position = self.position.min(position);
    }
}
