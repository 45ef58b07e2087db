//! Stamps: when and by whom a value was written, in an order on which all nodes agree.

/// A reading of a hybrid logical clock (Kulkarni et al., 2014), and the origin. The largest stamp wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Stamp {
    /// Milliseconds since 1970 in the upper 48 bits, a counter in the lower 16. A counter that overflows
    /// carries into the time by itself.
    pub(crate) clock: u64,
    /// With the highest bit set, the random number of the process that wrote the value. With the bit clear
    /// the stamp is minted, because the value came from a CZMQ peer, and this is a hash of the value.
    pub(crate) origin: u64,
}

const AUTHORED: u64 = 1 << 63;
/// No reading can be read from here on: the year 3000. The largest reading that there is would leave no
/// larger one for whoever writes next.
pub(crate) const LAST_CLOCK: u64 = 32_503_680_000_000 << 16;
/// On the wire: clock, origin, flags.
pub(super) const SIZE: usize = 17;

/// What others can read: a stamp that nobody takes would be sent again and again.
fn readable(clock: u64) -> u64 {
    clock.min(LAST_CLOCK - 1)
}

impl Stamp {
    /// The stamp of a value written here.
    pub(crate) fn authored(clock: u64, node: u64) -> Stamp {
        Stamp { clock: readable(clock), origin: node | AUTHORED }
    }

    /// A stamp for a value that came without one: the smallest above `over`, the stamp of what it replaces.
    /// All neighbours that see the same change make the same stamp.
    pub(crate) fn minted(over: Stamp, value_digest: u64) -> Stamp {
        Stamp { clock: readable(over.clock + 1), origin: value_digest & !AUTHORED }
    }

    pub(crate) fn is_minted(self) -> bool {
        self.origin & AUTHORED == 0
    }

    /// Whether the process of this number wrote the value.
    pub(crate) fn is_by(self, node: u64) -> bool {
        self.origin == node | AUTHORED
    }

    pub(super) fn write(self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(&self.clock.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.origin.to_be_bytes());
        bytes
    }

    pub(super) fn read(content: &[u8]) -> Option<Stamp> {
        let (clock, rest) = content.split_first_chunk::<8>()?;
        let (origin, _) = rest.split_first_chunk::<8>()?;
        let stamp =
            Stamp { clock: u64::from_be_bytes(*clock), origin: u64::from_be_bytes(*origin) };
        (stamp.clock < LAST_CLOCK).then_some(stamp)
    }
}
