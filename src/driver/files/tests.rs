use super::*;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

/// A folder of its own that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let name = format!("zgossip-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn name(&self, file: &str) -> Vec<u8> {
        self.0.join(file).as_os_str().as_bytes().to_vec()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_is_saved_is_loaded() {
    let folder = Folder::new("saved");
    let mut files = Files::default();
    files.save(&folder.name("a.cfg"), b"one").unwrap();
    files.save(&folder.name("a.cfg"), b"two").unwrap();
    assert_eq!(files.load(&folder.name("a.cfg")).unwrap(), b"two");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = Folder::new("unread");
    let mut files = Files::default();
    assert_eq!(files.load(&folder.name("missing")).unwrap_err().text, "no such file");
    let directory = folder.0.as_os_str().as_bytes().to_vec();
    assert_eq!(files.load(&directory).unwrap_err().text, "it is a directory");
}

#[test]
fn a_change_is_told_once_and_a_disappearance_never() {
    let folder = Folder::new("changed");
    let name = folder.name("w.cfg");
    let mut files = Files::default();
    fs::write(path_of(&name), "a = 1").unwrap();
    files.load(&name).unwrap();
    files.watch(&name);
    assert_eq!(files.changed(), None);
    fs::write(path_of(&name), "a = 12").unwrap();
    assert_eq!(files.changed(), Some(name.clone()));
    assert_eq!(files.changed(), None);
    fs::remove_file(path_of(&name)).unwrap();
    assert_eq!(files.changed(), None);
    fs::write(path_of(&name), "a = 123").unwrap();
    assert_eq!(files.changed(), Some(name));
}

#[test]
fn saving_over_the_watched_file_is_no_change() {
    let folder = Folder::new("own");
    let name = folder.name("w.cfg");
    let mut files = Files::default();
    files.save(&name, b"a = 1\n").unwrap();
    files.load(&name).unwrap();
    files.watch(&name);
    files.save(&name, b"a = 1234\n").unwrap();
    assert_eq!(files.changed(), None);
}

/// A FIFO, a socket and a device: to open the first waits for ever.
fn special_files(folder: &Folder) -> [(Vec<u8>, &'static str); 3] {
    let fifo = folder.0.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    drop(UnixListener::bind(folder.0.join("socket")).unwrap());
    [
        (folder.name("fifo"), "it is a FIFO"),
        (folder.name("socket"), "it is a socket"),
        (b"/dev/zero".to_vec(), "it is a device"),
    ]
}

#[test]
fn only_regular_files_are_read_or_replaced() {
    let folder = Folder::new("special");
    let mut files = Files::default();
    for (name, what) in special_files(&folder) {
        assert_eq!(files.load(&name).unwrap_err().text, what);
        assert_eq!(files.save(&name, b"x").unwrap_err().text, what);
    }
}

#[test]
fn a_new_file_is_its_owners_alone() {
    let folder = Folder::new("new");
    Files::default().save(&folder.name("a.cfg"), b"secret").unwrap();
    assert_eq!(fs::metadata(folder.0.join("a.cfg")).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn saving_through_a_link_that_leads_nowhere_makes_what_it_leads_to() {
    let folder = Folder::new("dangling");
    let mut files = Files::default();
    symlink("second", folder.0.join("first")).unwrap();
    symlink("real.cfg", folder.0.join("second")).unwrap();
    files.save(&folder.name("first"), b"new").unwrap();
    assert_eq!(fs::read(folder.0.join("real.cfg")).unwrap(), b"new");
    assert!(fs::symlink_metadata(folder.0.join("first")).unwrap().is_symlink());
    symlink("round", folder.0.join("round")).unwrap();
    assert!(files.save(&folder.name("round"), b"x").is_err());
}

#[test]
fn saving_keeps_links_and_permissions() {
    let folder = Folder::new("links");
    let mut files = Files::default();
    let real = folder.0.join("real.cfg");
    fs::write(&real, "old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&real, folder.0.join("link.cfg")).unwrap();
    files.save(&folder.name("link.cfg"), b"new").unwrap();
    assert_eq!(fs::read(&real).unwrap(), b"new");
    assert_eq!(fs::metadata(&real).unwrap().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.0.join("link.cfg")).unwrap().is_symlink());
}

#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let folder = Folder::new("unwritten");
    let mut files = Files::default();
    assert!(files.save(&folder.name("no/such/folder.cfg"), b"x").is_err());
    assert!(files.save(folder.0.as_os_str().as_bytes(), b"x").is_err());
}

#[test]
fn a_directory_of_certificates_is_read_as_zcertstore_reads_one_and_tells_when_it_changes() {
    let folder = Folder::new("certificates");
    let path = folder.name("");
    let write = |name: &str, content: &str| fs::write(folder.0.join(name), content).unwrap();
    fs::create_dir(folder.0.join("below")).unwrap();
    write("one", "1");
    write("below/two", "2");
    write("one_secret", "the secret half");
    write(".hidden", "an editor's copy");
    write("large", &"x".repeat(65 << 10));
    symlink(folder.0.join("nowhere"), folder.0.join("broken")).unwrap();
    UnixListener::bind(folder.0.join("socket")).unwrap();

    let mut files = Files::default();
    assert_eq!(files.changed_certificates(), None, "none is wanted");
    let contents = |files: &mut Files| {
        let mut contents = files.load_certificates(&path).unwrap();
        contents.sort();
        contents
    };
    assert_eq!(contents(&mut files), [b"1", b"2"]);
    assert_eq!(files.changed_certificates(), None);

    write("below/two", "another");
    assert_eq!(files.changed_certificates(), Some(path.clone()), "a file has another content");
    assert_eq!(contents(&mut files), [&b"1"[..], b"another"]);
    fs::rename(folder.0.join("one"), folder.0.join("below/one")).unwrap();
    assert!(files.changed_certificates().is_some(), "a file has another place");
    contents(&mut files);
    fs::remove_file(folder.0.join("below/one")).unwrap();
    assert!(files.changed_certificates().is_some(), "a file is gone");
    contents(&mut files);

    fs::remove_dir_all(&folder.0).unwrap();
    assert!(files.changed_certificates().is_some(), "the directory is gone");
    assert_eq!(files.load_certificates(&path).unwrap_err().text, "no such file");
    assert_eq!(files.changed_certificates(), None, "which is told once");
    fs::create_dir(&folder.0).unwrap();
    assert!(files.changed_certificates().is_some(), "and it is back");
}
