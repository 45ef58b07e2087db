//! A key and its value on their way to the owner.

use super::tuple_frame::TupleFrame;
use std::sync::Arc;

/// A key and its value in one piece of memory; where they are short, inside the pair itself. A NUL stands
/// behind the value, so that C can be given its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pair {
    /// The key, the value and the NUL.
    Short { key_size: u8, size: u8, bytes: [u8; SHORT] },
    /// The same.
    Long { key_size: u8, bytes: Arc<[u8]> },
    /// The frame that peers are sent: the NUL is the first byte of its ttl, which is 0.
    Framed { key_size: u8, value_size: u32, frame: Arc<[u8]> },
}

/// The longest that is kept inside. It makes a pair, and a message for the owner, one cache line.
const SHORT: usize = 61;

impl Pair {
    /// A tuple as nodes hold it: no key has more than 255 bytes.
    pub(crate) fn new(key: &[u8], value: &[u8]) -> Pair {
        debug_assert!(key.len() <= crate::wire::MAX_KEY);
        let key_size = key.len() as u8;
        let size = key.len() + value.len() + 1;
        let mut short = [0; SHORT];
        if let Some(place) = short.get_mut(..size) {
            fill(place, key, value);
            return Pair::Short { key_size, size: size as u8, bytes: short };
        }
        let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
        if let Some(place) = Arc::get_mut(&mut bytes) {
            fill(place, key, value);
        }
        Pair::Long { key_size, bytes }
    }

    /// A tuple whose long frame is perhaps there already.
    #[inline]
    pub(super) fn of(key: &[u8], value: &[u8], frame: Option<&TupleFrame>) -> Pair {
        match frame {
            Some(frame) if frame.is_long() => Pair::Framed {
                key_size: key.len() as u8,
                value_size: value.len() as u32,
                frame: Arc::clone(frame.memory()),
            },
            _ => Pair::new(key, value),
        }
    }

    /// The key, and the value with the NUL behind it.
    fn parts(&self) -> (&[u8], &[u8]) {
        let (key_size, bytes) = match self {
            Pair::Short { key_size, size, bytes } => {
                (*key_size, bytes.get(..usize::from(*size)).unwrap_or(bytes))
            }
            Pair::Long { key_size, bytes } => (*key_size, &**bytes),
            Pair::Framed { key_size, value_size, frame } => {
                return parts_of_frame(frame, *key_size, *value_size).unwrap_or_default();
            }
        };
        bytes.split_at_checked(usize::from(key_size)).unwrap_or_default()
    }

    pub(crate) fn key(&self) -> &[u8] {
        self.parts().0
    }

    pub(crate) fn value(&self) -> &[u8] {
        self.value_and_nul().split_last().map_or(&[], |(_nul, value)| value)
    }

    pub(crate) fn value_and_nul(&self) -> &[u8] {
        self.parts().1
    }
}

/// The same of a PUBLISH frame: see `wire`.
fn parts_of_frame(frame: &[u8], key_size: u8, value_size: u32) -> Option<(&[u8], &[u8])> {
    let (key, rest) = frame.get(5..)?.split_at_checked(usize::from(key_size))?;
    Some((key, rest.get(4..)?.get(..=value_size as usize)?))
}

/// Copy the key and the value to the beginning of this place, which is large enough and otherwise zero.
fn fill(place: &mut [u8], key: &[u8], value: &[u8]) {
    let Some((for_key, rest)) = place.split_at_mut_checked(key.len()) else { return };
    for_key.copy_from_slice(key);
    if let Some(for_value) = rest.get_mut(..value.len()) {
        for_value.copy_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::OwnerMessage;
    use super::*;
    use crate::wire::Stamp;

    #[test]
    fn a_pair_gives_back_its_key_and_its_value_whatever_their_sizes() {
        for key_size in [0, 1, 59, 60, 61, 255] {
            for value_size in [0, 1, 59, 60, 61, 70_000] {
                let (key, value) = (vec![b'k'; key_size], vec![b'v'; value_size]);
                let pair = Pair::new(&key, &value);
                let frame = TupleFrame::new(&mut Vec::new(), &key, &value, Stamp::default());
                for pair in [&pair, &Pair::of(&key, &value, Some(&frame))] {
                    assert_eq!((pair.key(), pair.value()), (&*key, &*value));
                    assert_eq!(pair.value_and_nul(), [&*value, &[0]].concat());
                }
                let short = matches!(pair, Pair::Short { .. });
                assert_eq!(short, key_size + value_size < SHORT);
            }
        }
    }

    /// The memory that each message costs which waits for the owner: 2,000 in a full pipe, and behind them as
    /// many as there are tuples.
    #[test]
    fn a_message_for_the_owner_is_one_cache_line() {
        assert_eq!(size_of::<OwnerMessage>(), 64);
    }
}
