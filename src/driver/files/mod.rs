//! Configuration files: read whole, replaced whole, watched.
//!
//! * `mod.rs`: the files of one node, and what changes in them;
//! * `certificates.rs`: a directory of certificates;
//! * `regular.rs`: a file is opened only if it is a regular one, so that nothing ever waits;
//! * `replace.rs`: a new version takes the place of the old one.

mod certificates;
mod regular;
mod replace;

use super::ffi::os::print_all;
use super::reason::Reason;
use crate::wire::digest;
use certificates::Directory;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What tells two versions of a file apart without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileVersion {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl FileVersion {
    fn of(meta: &Metadata) -> FileVersion {
        FileVersion {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
        }
    }

    /// A number that stands for this version of the file of that name.
    fn digest(&self, name: &[u8]) -> u64 {
        let (seconds, nanoseconds) = self.modified;
        let numbers = [self.device, self.inode, self.size, seconds as u64, nanoseconds as u64];
        let numbers = numbers.map(u64::to_le_bytes);
        digest(&[name, numbers.as_flattened()])
    }

    fn now(path: &Path) -> Option<FileVersion> {
        fs::metadata(path).ok().as_ref().map(FileVersion::of)
    }
}

/// The configuration files of one node.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The file that was read last, and its version just before it was read.
    read: Option<(PathBuf, Option<FileVersion>)>,
    /// The file that is watched, and its version when it was last looked at.
    watched: Option<(PathBuf, Option<FileVersion>)>,
    /// The directory of certificates, which is watched as well.
    certificates: Option<Directory>,
}

fn path_of(name: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(name))
}

impl Files {
    /// The content of a file, or one line that says why not.
    pub(crate) fn load(&mut self, name: &[u8]) -> Result<Vec<u8>, Reason> {
        let path = path_of(name);
        self.read = Some((path.to_path_buf(), FileVersion::now(path)));
        regular::read(path).map_err(reason)
    }

    /// From now on `changed` tells whether this file is another than when it was read.
    pub(crate) fn watch(&mut self, name: &[u8]) {
        let path = path_of(name);
        let version = match &self.read {
            Some((read, version)) if read == path => *version,
            _ => FileVersion::now(path),
        };
        self.watched = Some((path.to_path_buf(), version));
    }

    /// The watched file's name if it has changed since the last call. A file that has disappeared
    /// has not changed (as observed of CZMQ's actor); one that is back has.
    pub(crate) fn changed(&mut self) -> Option<Vec<u8>> {
        let (path, known) = self.watched.as_mut()?;
        let version = FileVersion::now(path)?;
        if *known == Some(version) {
            return None;
        }
        *known = Some(version);
        Some(path.as_os_str().as_bytes().to_vec())
    }

    /// The files of a directory of certificates, or one line that says why not. From now on
    /// `changed_certificates` tells of it.
    pub(crate) fn load_certificates(&mut self, name: &[u8]) -> Result<Vec<Vec<u8>>, Reason> {
        let directory = self.certificates.insert(Directory::new(path_of(name)));
        directory.read().map_err(reason)
    }

    /// The directory's name if something in it is another than when it was read.
    pub(crate) fn changed_certificates(&self) -> Option<Vec<u8>> {
        let directory = self.certificates.as_ref()?;
        directory.has_changed().then(|| directory.path.as_os_str().as_bytes().to_vec())
    }

    /// Write a file whole or not at all; `-` is standard output. What this node writes itself is
    /// no change.
    pub(crate) fn save(&mut self, name: &[u8], content: &[u8]) -> Result<(), Reason> {
        let written = match name {
            b"-" => print_all(content),
            _ => replace::replace(path_of(name), content),
        };
        if let Some((path, known)) = &mut self.watched {
            if is_same_file(path, path_of(name)) {
                *known = FileVersion::now(path);
            }
        }
        written.map_err(reason)
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (FileVersion::now(one), FileVersion::now(other)) {
        (Some(one), Some(other)) => (one.device, one.inode) == (other.device, other.inode),
        _ => false,
    }
}

fn reason(error: io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::from("no such file"),
        io::ErrorKind::FileTooLarge => Reason::from("it is too large for a configuration"),
        _ => Reason::from(error),
    }
}

#[cfg(test)]
mod tests;
