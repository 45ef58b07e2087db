//! The extension: what native peers say to each other behind the last field of a message.
//!
//! ```text
//! marker     5A 45          two bytes
//! version    01             one byte
//! length     two bytes, big endian, of what follows
//! blocks     type one byte, length two bytes, big endian, then the bytes
//! ```
//!
//! CZMQ's actor ignores these bytes, and does not replicate them with the tuple (observed). A block of a type
//! that is not known is skipped, and so is an extension of another version: that is how the protocol can
//! grow. Where the extension is cut short, or a block that is known cannot be read, the message is malformed:
//! to take a tuple for one without a stamp would give it a new stamp at each node.

use super::reader::Malformed;
use super::sketch::Sketch;
use super::stamp::{self, Stamp};

const MARKER: [u8; 2] = [0x5A, 0x45];
const EXTENSION_VERSION: u8 = 1;

/// Block types. Those whose last hexadecimal digit is A are never given a meaning. Some are sent on purpose,
/// so that every implementation learns to skip what it does not know.
mod block {
    pub(super) const CAPS: u8 = 0x01;
    pub(super) const STAMP: u8 = 0x02;
    pub(super) const SUMMARY: u8 = 0x03;
    pub(super) const ASK: u8 = 0x04;
    pub(super) const SKETCH: u8 = 0x05;
    pub(super) const WANT: u8 = 0x06;
    pub(super) const ECHO: u8 = 0x07;
    pub(super) const GREASE: u8 = 0x0A;
}

/// Who is talking, and what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caps {
    /// The random number of the node's process.
    pub(crate) node: u64,
    /// This PONG is the answer to HELLO, and answers no PING.
    pub(crate) greeting: bool,
    /// In HELLO: I can ask for a sketch. In the answer to HELLO: ask for one, I do not send my whole set.
    pub(crate) sketches: bool,
    /// The time by the node's clock, in milliseconds since 1970. Earlier versions do not say it.
    pub(crate) time: Option<u64>,
}

const GREETING: u8 = 1;
const SKETCHES: u8 = 2;

/// A tuple set in 16 bytes. Equal sets have equal summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Summary {
    /// How many tuples.
    pub(crate) count: u64,
    /// Sum of the tuples' digests.
    pub(crate) digest: u64,
}

/// What an extension says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Extension {
    pub(crate) caps: Option<Caps>,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) summary: Option<Summary>,
    /// In a PING: send a sketch of so many cells.
    pub(crate) ask: Option<u16>,
    /// In the PONG that answers it: that sketch.
    pub(crate) sketch: Option<Sketch>,
    /// In a PING: send the tuples that have these digests.
    pub(crate) wants: Vec<u64>,
    /// In a PING of a server: send this number back. In a PING of a client: that number.
    pub(crate) echo: Option<u64>,
}

impl Extension {
    /// The stamp behind a tuple. The short way for what nearly every tuple carries.
    pub(crate) fn read_stamp(bytes: &[u8]) -> Result<Option<Stamp>, Malformed> {
        match bytes.split_first_chunk::<8>() {
            Some((&STAMP_HEAD, content)) if content.len() == stamp::SIZE => {
                Stamp::read(content).map(Some).ok_or(Malformed::Extension)
            }
            _ => Extension::read(bytes).map(|extension| extension.stamp),
        }
    }

    /// Read what follows the last field of a message. Bytes without the marker say nothing, as with CZMQ.
    pub(crate) fn read(bytes: &[u8]) -> Result<Extension, Malformed> {
        match bytes.strip_prefix(&MARKER).and_then(<[u8]>::split_first) {
            Some((&EXTENSION_VERSION, rest)) => Extension::blocks(rest).ok_or(Malformed::Extension),
            _ => Ok(Extension::default()),
        }
    }

    fn blocks(rest: &[u8]) -> Option<Extension> {
        let (size, rest) = rest.split_first_chunk::<2>()?;
        let mut rest = rest.get(..usize::from(u16::from_be_bytes(*size)))?;
        let mut extension = Extension::default();
        while let Some(([kind, high, low], after)) = rest.split_first_chunk::<3>() {
            let size = usize::from(u16::from_be_bytes([*high, *low]));
            let (content, after) = after.split_at_checked(size)?;
            extension.take(*kind, content)?;
            rest = after;
        }
        rest.is_empty().then_some(extension)
    }

    /// None where the block cannot be read.
    fn take(&mut self, kind: u8, content: &[u8]) -> Option<()> {
        match kind {
            block::CAPS => self.caps = Some(read_caps(content)?),
            block::STAMP => self.stamp = Some(Stamp::read(content)?),
            block::SUMMARY => self.summary = Some(read_summary(content)?),
            block::ASK => self.ask = Some(read_ask(content)?),
            block::SKETCH => self.sketch = Some(Sketch::read(content)?),
            block::WANT => self.wants = read_wants(content)?,
            block::ECHO => self.echo = Some(read_echo(content)?),
            _ => {}
        }
        Some(())
    }

    /// Append the extension to a frame. One that says nothing adds nothing.
    pub(crate) fn write(&self, frame: &mut Vec<u8>) {
        let mut blocks = Vec::new();
        if let Some(caps) = self.caps {
            let mut content = caps.node.to_be_bytes().to_vec();
            let flag = |set, flag| if set { flag } else { 0 };
            content.push(flag(caps.greeting, GREETING) | flag(caps.sketches, SKETCHES));
            caps.time.iter().for_each(|time| content.extend_from_slice(&time.to_be_bytes()));
            put(&mut blocks, block::CAPS, &content);
            put(&mut blocks, block::GREASE, &caps.node.to_be_bytes()[..1]);
        }
        if let Some(stamp) = self.stamp {
            put(&mut blocks, block::STAMP, &stamp.write());
        }
        if let Some(summary) = self.summary {
            let count = summary.count.to_be_bytes();
            put(&mut blocks, block::SUMMARY, &[count, summary.digest.to_be_bytes()].concat());
        }
        if let Some(cells) = self.ask {
            put(&mut blocks, block::ASK, &cells.to_be_bytes());
        }
        if let Some(sketch) = &self.sketch {
            put(&mut blocks, block::SKETCH, &sketch.write());
        }
        if !self.wants.is_empty() {
            let mut content = (self.wants.len() as u16).to_be_bytes().to_vec();
            self.wants.iter().for_each(|id| content.extend_from_slice(&id.to_be_bytes()));
            put(&mut blocks, block::WANT, &content);
        }
        if let Some(number) = self.echo {
            put(&mut blocks, block::ECHO, &number.to_be_bytes());
        }
        let Ok(size) = u16::try_from(blocks.len()) else { return };
        if size > 0 {
            frame.extend_from_slice(&MARKER);
            frame.push(EXTENSION_VERSION);
            frame.extend_from_slice(&size.to_be_bytes());
            frame.extend_from_slice(&blocks);
        }
    }
}

/// The bytes before the stamp, where there is nothing but a stamp.
const STAMP_HEAD: [u8; 8] = {
    let ([m0, m1], size) = (MARKER, stamp::SIZE as u8);
    [m0, m1, EXTENSION_VERSION, 0, 3 + size, block::STAMP, 0, size]
};

/// The size of an extension with a stamp and nothing else.
pub(crate) const STAMP_EXTENSION: usize = 5 + 3 + stamp::SIZE;

/// An extension with a stamp and nothing else: what most tuples carry.
pub(crate) fn stamp_extension(stamp: Stamp) -> [u8; STAMP_EXTENSION] {
    let mut extension = [0; STAMP_EXTENSION];
    let (head, content) = extension.split_at_mut(8);
    head.copy_from_slice(&STAMP_HEAD);
    content.copy_from_slice(&stamp.write());
    extension
}

fn put(blocks: &mut Vec<u8>, kind: u8, content: &[u8]) {
    blocks.push(kind);
    blocks.extend_from_slice(&(content.len() as u16).to_be_bytes());
    blocks.extend_from_slice(content);
}

// A block may grow at its end in later versions: what follows the known part is ignored.

fn read_caps(content: &[u8]) -> Option<Caps> {
    let (node, rest) = content.split_first_chunk::<8>()?;
    let (flags, rest) = rest.split_first().unwrap_or((&0, &[]));
    let (greeting, sketches) = (flags & GREETING != 0, flags & SKETCHES != 0);
    let time = rest.first_chunk::<8>().map(|time| u64::from_be_bytes(*time));
    Some(Caps { node: u64::from_be_bytes(*node), greeting, sketches, time })
}

fn read_ask(content: &[u8]) -> Option<u16> {
    content.first_chunk::<2>().map(|cells| u16::from_be_bytes(*cells))
}

fn read_echo(content: &[u8]) -> Option<u64> {
    content.first_chunk::<8>().map(|number| u64::from_be_bytes(*number))
}

fn read_wants(content: &[u8]) -> Option<Vec<u64>> {
    let (count, rest) = content.split_first_chunk::<2>()?;
    let ids = rest.get(..8 * usize::from(u16::from_be_bytes(*count)))?.chunks_exact(8);
    Some(ids.filter_map(|id| id.first_chunk::<8>().map(|id| u64::from_be_bytes(*id))).collect())
}

fn read_summary(content: &[u8]) -> Option<Summary> {
    let (count, rest) = content.split_first_chunk::<8>()?;
    let (digest, _) = rest.split_first_chunk::<8>()?;
    Some(Summary { count: u64::from_be_bytes(*count), digest: u64::from_be_bytes(*digest) })
}
