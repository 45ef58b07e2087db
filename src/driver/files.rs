//! Configuration files: read whole, replaced whole, watched.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A configuration is a few lines; what is larger than this is something else.
const LARGEST: u64 = 16 << 20;

/// What tells two states of a file apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(meta: &Metadata) -> Stamp {
        Stamp {
            device: meta.dev(),
            inode: meta.ino(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
        }
    }

    fn now(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().as_ref().map(Stamp::of)
    }
}

/// The files of one node.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The file that was read last and what it was like just before.
    read: Option<(PathBuf, Option<Stamp>)>,
    watched: Option<(PathBuf, Option<Stamp>)>,
}

fn path_of(name: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(name))
}

impl Files {
    /// The content of a file, or one line that says why not.
    pub(crate) fn load(&mut self, name: &[u8]) -> Result<Vec<u8>, String> {
        let path = path_of(name);
        self.read = Some((path.to_path_buf(), Stamp::now(path)));
        load(path).map_err(|error| reason(&error))
    }

    /// From now on `changed` tells about this file, as it was when it was read.
    pub(crate) fn watch(&mut self, name: &[u8]) {
        let path = path_of(name);
        let stamp = match &self.read {
            Some((read, stamp)) if read == path => *stamp,
            _ => Stamp::now(path),
        };
        self.watched = Some((path.to_path_buf(), stamp));
    }

    /// The watched file's name if it has changed since the last call. A file that has disappeared
    /// has not changed (observed C behaviour); one that is back has.
    pub(crate) fn changed(&mut self) -> Option<Vec<u8>> {
        let (path, known) = self.watched.as_mut()?;
        let stamp = Stamp::now(path)?;
        if *known == Some(stamp) {
            return None;
        }
        *known = Some(stamp);
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
                *known = Stamp::now(path);
            }
        }
        written.map_err(|error| reason(&error))
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (Stamp::now(one), Stamp::now(other)) {
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

/// Through a second file beside it, which takes its place: nobody ever sees half of it.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // A link stays a link, and what is no regular file cannot be replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let before = fs::metadata(&path).ok();
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
    if before.as_ref().is_some_and(|meta| !meta.is_file()) {
        return OpenOptions::new().write(true).open(&path)?.write_all(content);
    }
    let mut beside = name.to_os_string();
    beside.push(format!(".{}.{:016x}~", std::process::id(), super::binder::random64()));
    let beside = path.with_file_name(beside);
    let file = match OpenOptions::new().write(true).create_new(true).open(&beside) {
        Ok(file) => file,
        // A file that may be written in a folder that may not: the C way is all there is.
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
