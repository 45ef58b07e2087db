//! Shared libraries that are in this process already.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

/// A library that is loaded. The handle is never given back: what was found must stay.
pub(crate) struct Library(*mut c_void);

impl Library {
    fn by_name(name: &CStr) -> Option<Library> {
        // SAFETY: a C string; RTLD_NOLOAD never runs foreign code.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_NOLOAD) };
        (!handle.is_null()).then_some(Library(handle))
    }

    /// The program with all that everybody in it sees.
    fn global() -> Library {
        // SAFETY: NULL names the program.
        Library(unsafe { libc::dlopen(std::ptr::null(), libc::RTLD_NOW) })
    }

    /// Whether that library and this one mean the same by the name of this function. What the whole program
    /// sees comes before what a library brings along.
    pub(crate) fn shares(&self, name: &CStr) -> bool {
        let ours = bound_globally(name);
        let global = Library::global().symbol(name);
        let theirs = if global.is_null() { self.symbol(name) } else { global };
        !ours.is_null() && ours == theirs
    }

    /// The address of a symbol, NULL where there is none.
    pub(crate) fn symbol(&self, name: &CStr) -> *const c_void {
        // SAFETY: a handle of dlopen and a C string.
        unsafe { libc::dlsym(self.0, name.as_ptr()) }
    }
}

/// The library of that name, or any other, that has the symbol and is fit: copies that come bundled with
/// a language's package carry other file names.
pub(crate) fn find_library(
    name: &CStr,
    symbol: &CStr,
    is_fit: impl Fn(&Library) -> bool,
) -> Option<Library> {
    let others = loaded_files().into_iter().filter_map(|file| Library::by_name(&file));
    let mut all = Library::by_name(name).into_iter().chain(others);
    all.find(|library| !library.symbol(symbol).is_null() && is_fit(library))
}

/// From now on this library is not unloaded, whoever asks for it.
pub(crate) fn stay_loaded() {
    // Linked statically it has no file of its own, and goes away only with the program.
    if let Some((file, _)) = file_of(stay_loaded as *const c_void) {
        let flags = libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
        // SAFETY: a C string; nothing is loaded, so no foreign code runs.
        unsafe { libc::dlopen(file.as_ptr(), flags) };
    }
}

/// Names of all loaded files.
fn loaded_files() -> Vec<CString> {
    unsafe extern "C" fn each(
        info: *mut libc::dl_phdr_info,
        _size: usize,
        list: *mut c_void,
    ) -> c_int {
        // SAFETY: the loader passes a valid record, and back the list that we gave it.
        let (name, list) = unsafe { ((*info).dlpi_name, &mut *list.cast::<Vec<CString>>()) };
        // The main program has an empty name; dlopen would take it for the program itself.
        // SAFETY: a non-null name is a C string.
        if !name.is_null() && unsafe { *name } != 0 {
            // SAFETY: as above.
            list.push(unsafe { CStr::from_ptr(name) }.to_owned());
        }
        0
    }
    let mut list: Vec<CString> = Vec::new();
    // SAFETY: `each` has the signature that the loader calls, and the list outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(each), (&raw mut list).cast()) };
    list
}

/// The file that holds this address, and where it begins in memory.
pub(crate) fn file_of(address: *const c_void) -> Option<(CString, usize)> {
    // SAFETY: all-zero is a valid Dl_info.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    // SAFETY: dladdr accepts any address and fills the record when it knows it.
    let found = unsafe { libc::dladdr(address, &mut info) } != 0 && !info.dli_fname.is_null();
    // SAFETY: the name is a C string of the loader's.
    found.then(|| (unsafe { CStr::from_ptr(info.dli_fname) }.to_owned(), info.dli_fbase as usize))
}

/// What a symbol of this name is bound to in this library: to what the program as a whole sees, first.
pub(crate) fn bound_globally(name: &CStr) -> *const c_void {
    // SAFETY: a C string.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr().cast::<c_char>()) }
}
