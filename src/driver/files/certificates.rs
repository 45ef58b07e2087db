//! A directory of certificates, read as CZMQ's zcertstore reads one: all files in it and below it, but for hidden
//! ones and for secret halves.

use super::{FileVersion, regular};
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
    /// A digest of all files and their versions; None where it could not be read.
    version: Option<u64>,
}

/// The files that may be certificates, and a digest of their versions in which their order does not count.
#[derive(Default)]
struct Listing {
    files: Vec<PathBuf>,
    version: u64,
}

impl Directory {
    pub(super) fn new(path: &Path) -> Directory {
        Directory { path: path.to_path_buf(), version: None }
    }

    /// The content of all files. One that goes away meanwhile is left out.
    pub(super) fn read(&mut self) -> io::Result<Vec<Vec<u8>>> {
        let listing = list(&self.path);
        self.version = listing.as_ref().ok().map(|listing| listing.version);
        Ok(listing?.files.iter().filter_map(|path| regular::read(path).ok()).collect())
    }

    /// Whether something is another than when it was read.
    pub(super) fn has_changed(&self) -> bool {
        list(&self.path).ok().map(|listing| listing.version) != self.version
    }
}

fn list(path: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    listing.add(path, DEEPEST)?;
    Ok(listing)
}

impl Listing {
    fn add(&mut self, folder: &Path, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().map(OsStrExt::as_bytes).unwrap_or_default();
            if name.starts_with(b".") || name.ends_with(b"_secret") {
                continue;
            }
            let Ok(meta) = fs::metadata(&path) else { continue };
            if meta.is_dir() && depth > 0 {
                // What cannot be read below is passed over, as a file would be.
                let _ = self.add(&path, depth - 1);
            } else if meta.is_file() && meta.len() <= LARGEST {
                if self.files.len() >= MOST_FILES {
                    return Err(io::Error::other("more than 10,000 files are in it"));
                }
                let version = FileVersion::of(&meta).digest(path.as_os_str().as_bytes());
                self.version = self.version.wrapping_add(version);
                self.files.push(path);
            }
        }
        Ok(())
    }
}
