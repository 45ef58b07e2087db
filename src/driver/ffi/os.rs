//! What the standard library does not tell.

/// The local time as the C actor's log writes it: `26-01-31 23:59:59`.
pub(crate) fn log_date() -> String {
    let mut text = [0_u8; 32];
    // SAFETY: all-zero is a valid tm; localtime_r and strftime write within what they are given.
    let size = unsafe {
        let now = libc::time(std::ptr::null_mut());
        let mut local: libc::tm = std::mem::zeroed();
        if libc::localtime_r(&now, &mut local).is_null() {
            return String::new();
        }
        let format = c"%y-%m-%d %H:%M:%S".as_ptr();
        libc::strftime(text.as_mut_ptr().cast(), text.len(), format, &local)
    };
    String::from_utf8_lossy(text.get(..size).unwrap_or_default()).into_owned()
}
