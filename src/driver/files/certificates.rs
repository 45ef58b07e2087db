//! A directory of certificates, read as CZMQ's zcertstore reads one: all files in it and below it, but for hidden
//! ones and for secret halves.

use super::{FileVersion, regular};
use crate::core::CertificateFile;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A certificate is a few lines; what is larger is something else.
const LARGEST: u64 = 64 << 10;
/// So many files may be there, and directories below one another.
const MOST_FILES: usize = 10_000;
const DEEPEST: usize = 8;

/// A directory, and what was in it when it was read.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    /// None where it could not be read.
    files: Option<Vec<(PathBuf, FileVersion)>>,
}

impl Directory {
    pub(super) fn new(path: &Path) -> Directory {
        Directory { path: path.to_path_buf(), files: None }
    }

    /// The content of all files. One that goes away meanwhile is left out.
    pub(super) fn read(&mut self) -> io::Result<Vec<CertificateFile>> {
        let files = list(&self.path);
        self.files = files.as_ref().ok().cloned();
        let read = |(path, _): (PathBuf, FileVersion)| {
            let content = regular::read(&path).ok()?;
            Some(CertificateFile { path: path.as_os_str().as_bytes().to_vec(), content })
        };
        Ok(files?.into_iter().filter_map(read).collect())
    }

    /// Whether something is another than when it was read.
    pub(super) fn has_changed(&self) -> bool {
        list(&self.path).ok() != self.files
    }
}

/// The files that may be certificates, with their versions.
fn list(path: &Path) -> io::Result<Vec<(PathBuf, FileVersion)>> {
    let mut files = Vec::new();
    add(path, DEEPEST, &mut files)?;
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

fn add(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, FileVersion)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
        if name.starts_with(b".") || name.ends_with(b"_secret") {
            continue;
        }
        let Ok(meta) = fs::metadata(&path) else { continue };
        if meta.is_dir() && depth > 0 {
            // What cannot be read below is passed over, as a file would be.
            let _ = add(&path, depth - 1, files);
        } else if meta.is_file() && meta.len() <= LARGEST {
            if files.len() >= MOST_FILES {
                return Err(io::Error::other("more than 10,000 files are in it"));
            }
            let version = FileVersion::of(&meta);
            files.push((path, version));
        }
    }
    Ok(())
}
