//! Regular files only.
//!
//! Opening a FIFO waits for the other side, reading a terminal waits for somebody who types, and some devices
//! do something when they are merely opened. A node must not wait. So it asks of what kind a file is before it
//! opens it, and again afterwards: the file may have been replaced in between.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// A configuration is a few lines; what is larger than this is something else.
const LARGEST: u64 = 16 << 20;

/// All that is in a file.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let (file, _) = open(path, OpenOptions::new().read(true))?;
    let mut content = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// Open a file that is there, without ever waiting.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<(File, Metadata)> {
    check(&fs::metadata(path)?)?;
    let file = options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
    let meta = file.metadata()?;
    check(&meta)?;
    Ok((file, meta))
}

/// Fails with what it is where it is no regular file.
pub(super) fn check(meta: &Metadata) -> io::Result<()> {
    let kind = meta.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => "it is a directory",
        () if kind.is_fifo() => "it is a FIFO",
        () if kind.is_socket() => "it is a socket",
        () => "it is a device",
    };
    Err(io::Error::other(what))
}
