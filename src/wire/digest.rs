//! SipHash (Aumasson and Bernstein, 2012). SipHash-2-4 with a fixed key makes digests, which all nodes
//! compute alike. SipHash-1-3 with a secret key is for the index, so that nobody can choose keys that
//! collide.
//!
//! Each tuple is hashed several times. Eight bytes at a time and inlined, this costs a tenth of a loop over
//! bytes.

use super::Stamp;

/// The key is part of the protocol.
const KEY: (u64, u64) = (0x7a67_6f73_7369_7021, 0x6c69_627a_676f_7373);

/// The digest of some fields. The length of each is part of it, so that a byte that moves from one field to
/// the next changes it.
pub(crate) fn digest(fields: &[&[u8]]) -> u64 {
    let mut state = State::<2>::new(KEY);
    for field in fields {
        state.word(field.len() as u64);
        state.bytes(field);
    }
    state.finish()
}

/// What a tuple adds to the summary of a set.
pub(crate) fn tuple_digest(key: &[u8], value: &[u8], stamp: Stamp) -> u64 {
    let (clock, origin) = (stamp.clock.to_be_bytes(), stamp.origin.to_be_bytes());
    digest(&[key, value, &clock, &origin])
}

/// The hash of a field, with a secret key.
pub(crate) fn keyed(secret: u64, field: &[u8]) -> u64 {
    let mut state = State::<1>::new((secret, KEY.1));
    state.bytes(field);
    state.finish()
}

/// SipHash at work: so many rounds for each word, and two more at the end.
struct State<const ROUNDS: usize> {
    v: [u64; 4],
    /// The last bytes, which do not fill a word yet.
    part: u64,
    length: u64,
}

impl<const ROUNDS: usize> State<ROUNDS> {
    #[inline(always)]
    fn new((k0, k1): (u64, u64)) -> Self {
        let v = [
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ];
        State { v, part: 0, length: 0 }
    }

    #[inline(always)]
    fn bytes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            self.word(u64::from_le_bytes(*word));
            rest = after;
        }
        let mut last = 0;
        rest.iter().rev().for_each(|&byte| last = last << 8 | u64::from(byte));
        self.append(last, rest.len() as u64);
    }

    /// Eight bytes, the first in the lowest place.
    #[inline(always)]
    fn word(&mut self, word: u64) {
        self.append(word, 8);
    }

    /// Up to eight bytes, the first in the lowest place. The rest of the word is 0.
    #[inline(always)]
    fn append(&mut self, word: u64, size: u64) {
        let held = self.length % 8;
        self.length += size;
        self.part |= word << (8 * held);
        if held + size >= 8 {
            self.compress(self.part);
            // Where no bytes were held before, nothing is left of the word: the shift would be by 64.
            self.part = word.checked_shr(64 - 8 * held as u32).unwrap_or(0);
        }
    }

    #[inline(always)]
    fn compress(&mut self, word: u64) {
        self.v[3] ^= word;
        (0..ROUNDS).for_each(|_| self.round());
        self.v[0] ^= word;
    }

    #[inline(always)]
    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.v;
        a = a.wrapping_add(b);
        c = c.wrapping_add(d);
        b = b.rotate_left(13) ^ a;
        d = d.rotate_left(16) ^ c;
        a = a.rotate_left(32).wrapping_add(d);
        c = c.wrapping_add(b);
        b = b.rotate_left(17) ^ c;
        d = d.rotate_left(21) ^ a;
        self.v = [a, b, c.rotate_left(32), d];
    }

    #[inline(always)]
    fn finish(mut self) -> u64 {
        let last = self.part | (self.length << 56);
        self.compress(last);
        self.v[2] ^= 0xff;
        (0..ROUNDS + 2).for_each(|_| self.round());
        self.v.iter().fold(0, |all, word| all ^ word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference implementation's vector for the key 00..0f and the message 00..0e.
    #[test]
    fn it_is_siphash_2_4() {
        let mut state = State::<2>::new((0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908));
        state.bytes(&(0..15).collect::<Vec<u8>>());
        assert_eq!(state.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn it_does_not_matter_in_which_pieces_the_bytes_come() {
        let message: Vec<u8> = (0..40).collect();
        let mut whole = State::<2>::new(KEY);
        whole.bytes(&message);
        let expected = whole.finish();
        for first in 0..=20 {
            for second in 20..=40 {
                let mut state = State::<2>::new(KEY);
                state.bytes(&message[..first]);
                state.bytes(&message[first..second]);
                state.bytes(&message[second..]);
                assert_eq!(state.finish(), expected, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn moving_a_byte_between_fields_changes_the_digest() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
