//! SipHash-2-4 (Aumasson and Bernstein, 2012) with a fixed key: digests that all nodes compute alike.

/// The key is part of the protocol.
const KEY: (u64, u64) = (0x7a67_6f73_7369_7021, 0x6c69_627a_676f_7373);

/// The digest of some fields, each with its length, so that moving a byte from one to the next
/// changes it.
pub(crate) fn digest(fields: &[&[u8]]) -> u64 {
    let mut state = State::new();
    for field in fields {
        state.bytes(&(field.len() as u64).to_le_bytes());
        state.bytes(field);
    }
    state.finish()
}

struct State {
    v: [u64; 4],
    /// Bytes that do not fill a word yet.
    part: u64,
    length: u64,
}

impl State {
    fn new() -> State {
        let (k0, k1) = KEY;
        let v = [
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ];
        State { v, part: 0, length: 0 }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let held = self.length % 8;
        self.length += bytes.len() as u64;
        for chunk in bytes.chunks(8) {
            let word = match chunk.first_chunk::<8>() {
                Some(word) => u64::from_le_bytes(*word),
                None => chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            };
            self.part |= word << (8 * held);
            if held + chunk.len() as u64 >= 8 {
                self.word(self.part);
                self.part = word.checked_shr(64 - 8 * held as u32).unwrap_or(0);
            }
        }
    }

    fn word(&mut self, word: u64) {
        self.v[3] ^= word;
        self.round();
        self.round();
        self.v[0] ^= word;
    }

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

    fn finish(mut self) -> u64 {
        let last = self.part | (self.length << 56);
        self.word(last);
        self.v[2] ^= 0xff;
        (0..4).for_each(|_| self.round());
        self.v.iter().fold(0, |all, word| all ^ word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference implementation's vector for the key 00..0f and the message 00..0e.
    #[test]
    fn it_is_siphash_2_4() {
        let mut state = State::new();
        let (k0, k1) = (0x0706_0504_0302_0100_u64, 0x0f0e_0d0c_0b0a_0908_u64);
        for (word, key) in state.v.iter_mut().zip([k0 ^ KEY.0, k1 ^ KEY.1, k0 ^ KEY.0, k1 ^ KEY.1])
        {
            *word ^= key;
        }
        state.bytes(&(0..15).collect::<Vec<u8>>());
        assert_eq!(state.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn it_does_not_matter_in_which_pieces_the_bytes_come() {
        let bytes: Vec<u8> = (0..40).collect();
        let mut whole = State::new();
        bytes.iter().for_each(|byte| whole.bytes(&[*byte]));
        let expected = whole.finish();
        for (first, second) in (0..=40).flat_map(|end| (0..=end).map(move |start| (start, end))) {
            let mut state = State::new();
            state.bytes(&bytes[..first]);
            state.bytes(&bytes[first..second]);
            state.bytes(&bytes[second..]);
            assert_eq!(state.finish(), expected, "{first} {second}");
        }
    }

    #[test]
    fn moving_a_byte_between_fields_changes_the_digest() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
