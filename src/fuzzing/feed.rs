//! A fuzzer's bytes, read as decisions. They never run out: what is missing is read as zero. So all bytes
//! mean something, and the beginning of them means nearly the same.

/// A few texts only, so that the same names and values often meet.
const TEXTS: [&[u8]; 12] = [
    b"a",
    b"b",
    b"c",
    b"",
    b"d\0x",
    b"server/timeout",
    b"tcp://127.0.0.1:*",
    b"tcp://h:1",
    b"inproc://x",
    b"file",
    b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
    &[b'k'; 256],
];

pub(super) struct Feed<'a>(pub(super) &'a [u8]);

impl<'a> Feed<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    /// One of so many, counted from 0.
    pub(super) fn choice(&mut self, of: usize) -> usize {
        usize::from(self.byte()) % of
    }

    /// True about one time in so many.
    pub(super) fn rarely(&mut self, one_in: usize) -> bool {
        self.choice(one_in) == one_in - 1
    }

    pub(super) fn take(&mut self, size: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(size.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A text of the list above or, less often, any bytes.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let byte = usize::from(self.byte());
        match TEXTS.get(byte % 16) {
            Some(text) => text,
            None => self.take(byte / 16),
        }
    }
}
