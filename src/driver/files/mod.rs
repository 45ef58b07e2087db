//! Configuration files: read whole, replaced whole, watched.

use super::random::random64;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A configuration is a few lines; what is larger than this is something else.
const LARGEST: u64 = 16 << 20;

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
}

fn path_of(name: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(name))
}

impl Files {
    /// The content of a file, or one line that says why not.
    pub(crate) fn load(&mut self, name: &[u8]) -> Result<Vec<u8>, String> {
        let path = path_of(name);
        self.read = Some((path.to_path_buf(), FileVersion::now(path)));
        load(path).map_err(|error| reason(&error))
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

    /// Write a file whole or not at all; `-` is standard output. What this node writes itself is
    /// no change.
    pub(crate) fn save(&mut self, name: &[u8], content: &[u8]) -> Result<(), String> {
        let written = match name {
            b"-" => io::stdout().lock().write_all(content).and_then(|()| io::stdout().flush()),
            _ => replace(path_of(name), content),
        };
        if let Some((path, known)) = &mut self.watched {
            if is_same_file(path, path_of(name)) {
                *known = FileVersion::now(path);
            }
        }
        written.map_err(|error| reason(&error))
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (FileVersion::now(one), FileVersion::now(other)) {
        (Some(one), Some(other)) => (one.device, one.inode) == (other.device, other.inode),
        _ => false,
    }
}

fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// Write a second file beside it, which then takes its place: nobody ever sees half of it.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // A link stays a link, and what is no regular file cannot be replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let before = fs::metadata(&path).ok();
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
    if before.as_ref().is_some_and(|meta| !meta.is_file()) {
        return OpenOptions::new().write(true).open(&path)?.write_all(content);
    }
    let mut beside = name.to_os_string();
    beside.push(format!(".{}.{:016x}~", std::process::id(), random64()));
    let beside = path.with_file_name(beside);
    let file = match OpenOptions::new().write(true).create_new(true).open(&beside) {
        Ok(file) => file,
        // A file that may be written in a folder that may not: it can only be overwritten.
        Err(_) if before.is_some() => return fs::write(&path, content),
        Err(error) => return Err(error),
    };
    let written = write_all_of(file, content, before.as_ref());
    let replaced = written.and_then(|()| fs::rename(&beside, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced
}

fn write_all_of(mut file: File, content: &[u8], like: Option<&Metadata>) -> io::Result<()> {
    file.write_all(content)?;
    if let Some(like) = like {
        file.set_permissions(like.permissions())?;
    }
    file.sync_all()
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_string(),
        io::ErrorKind::IsADirectory => "it is a directory".to_string(),
        io::ErrorKind::FileTooLarge => "it is too large for a configuration".to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
