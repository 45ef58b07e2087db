//! Files are replaced whole, so that nobody ever sees half of one. A configuration may hold a secret: besides
//! its owner, only those who could read the old file can read the new one, and at no moment anybody else.

use super::regular;
use crate::driver::random::random64;
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// What a file may be that was not there before: its owner's alone.
const PRIVATE: u32 = 0o600;
/// So many symbolic links may follow each other; the system's own limit.
const MOST_LINKS: usize = 40;

/// Write a second file beside it, which then takes its place.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let before = present(path)?;
    let path = behind_links(path)?;
    let (file, beside) = match create_beside(&path) {
        Ok(created) => created,
        // A file that may be written in a folder that may not: it can only be overwritten.
        Err(_) if before.is_some() => return overwrite(&path, content),
        Err(error) => return Err(error),
    };
    let written = write_like(file, content, before.as_ref());
    let replaced = written.and_then(|()| fs::rename(&beside, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced
}

/// The file that there is; None where there is none yet.
fn present(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(meta) => regular::check(&meta).map(|()| Some(meta)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The file that a name stands for. A link stays a link, and one that leads nowhere yet leads to the
/// new file afterwards, as with an editor.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // No link, or nothing there at all.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}

/// A new file in the same folder, so that it can take the other's place in one step. It is private from the
/// beginning: until its permissions were made narrower, others could open it.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidInput.into()) };
    let mut beside = name.to_os_string();
    beside.push(format!(".{}.{:016x}~", std::process::id(), random64()));
    let beside = path.with_file_name(beside);
    let file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(&beside)?;
    Ok((file, beside))
}

fn write_like(mut file: File, content: &[u8], before: Option<&Metadata>) -> io::Result<()> {
    file.write_all(content)?;
    if let Some(before) = before {
        let mode = before.mode() & 0o777;
        let mode = if keep_owner(&file, before)? { mode } else { mode & !0o070 };
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    file.sync_all()
}

/// Give the file the owner and the group of the old one, as far as this process may. False where the group is
/// another one: it must not be allowed what the old group was.
fn keep_owner(file: &File, before: &Metadata) -> io::Result<bool> {
    let mine = file.metadata()?;
    if (mine.uid(), mine.gid()) == (before.uid(), before.gid()) {
        return Ok(true);
    }
    let both = fchown(file, Some(before.uid()), Some(before.gid()));
    Ok(both.or_else(|_| fchown(file, None, Some(before.gid()))).is_ok())
}

/// Write into the file itself, where no other can take its place. Somebody may see half of it, but the
/// alternative is not to save at all.
fn overwrite(path: &Path, content: &[u8]) -> io::Result<()> {
    let (mut file, _) = regular::open(path, OpenOptions::new().write(true))?;
    file.set_len(0)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_private_before_anything_is_in_it() {
        let path = std::env::temp_dir().join(format!("zgossip-beside-{}", std::process::id()));
        let (file, beside) = create_beside(&path).unwrap();
        assert_eq!(file.metadata().unwrap().mode() & 0o777, PRIVATE);
        fs::remove_file(beside).unwrap();
    }
}
