//! Frames: what is accepted says the same once it is written again.

use crate::wire::{
    Extension, Malformed, Message, decode, decode_with_extension, encode_publish, encode_signal,
};

/// Key and value of a PUBLISH frame that a node has sent.
pub(crate) fn published(frame: &[u8]) -> (&[u8], &[u8]) {
    match decode(frame) {
        Ok(Message::Publish { key, value, .. }) => (key, value),
        other => panic!("no PUBLISH: {other:?}"),
    }
}

pub fn wire_decode(bytes: &[u8]) {
    extension_reads_back(bytes);
    let decoded = decode_with_extension(bytes);
    assert_eq!(decoded.is_ok(), is_message(bytes), "{decoded:?}");
    let Ok((message, extension)) = decoded else { return };
    assert!(bytes.ends_with(extension));
    extension_reads_back(extension);

    let mut written = Vec::new();
    match message {
        Message::Publish { key, value, ttl, .. } => {
            assert!(encode_publish(&mut written, key, value, ttl));
            assert!(!key.contains(&0) && !value.contains(&0));
        }
        signal => written.extend(encode_signal(signal.id())),
    }
    assert_eq!(decode(&written), Ok(message));
    // Where no NUL ends a field early, the frame begins with the bytes that we would write.
    if written.len() == 4 || written.len() == written_size(bytes) {
        assert!(bytes.starts_with(&written));
    }
    for end in 0..written.len() {
        assert!(written.get(..end).is_some_and(|cut| decode(cut).is_err()), "cut at {end}");
    }
    written.extend_from_slice(b"what comes behind is ignored");
    assert_eq!(decode(&written), Ok(message));
}

/// Written again, an extension is read as before: nothing that was understood is lost. Cut short behind its
/// marker and version it is malformed.
fn extension_reads_back(bytes: &[u8]) {
    let Ok(extension) = Extension::read(bytes) else { return };
    let mut written = Vec::new();
    extension.write(&mut written);
    assert_eq!(Extension::read(&written).as_ref(), Ok(&extension));
    assert_eq!(written.is_empty(), extension == Extension::default());
    for end in 0..written.len() {
        let cut = written.get(..end).map(Extension::read);
        let expected = if end < 3 { Ok(Extension::default()) } else { Err(Malformed::Extension) };
        assert_eq!(cut, Some(expected), "cut at {end}");
    }
}

/// The format of frames a second time, as arithmetic on lengths.
fn is_message(bytes: &[u8]) -> bool {
    match bytes {
        [0xAA, 0xA0, 1 | 3..=5, 1, ..] => true,
        [0xAA, 0xA0, 2, 1, ..] => bytes.len() >= written_size(bytes),
        _ => false,
    }
}

/// The size of a PUBLISH frame by its length fields; more than there can be where these are cut off.
fn written_size(bytes: &[u8]) -> usize {
    let Some(key_size) = bytes.get(4) else { return usize::MAX };
    let at = 5 + usize::from(*key_size);
    let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return usize::MAX };
    at + 4 + u32::from_be_bytes([a, b, c, d]) as usize + 4
}
