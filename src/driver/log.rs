//! Log lines: into the program's own log where there is CZMQ, to standard error otherwise.

use super::ffi::czmq::czmq;
use super::ffi::fork::undivided;
use super::ffi::os::{complain, log_date};
use crate::core::Level;

/// Longest line, in bytes; CZMQ's own limit.
const LONGEST: usize = 1023;

/// Write one line.
pub(crate) fn log_line(level: Level, text: &[u8]) {
    if let Some(czmq) = czmq() {
        return czmq.log(level, text);
    }
    let letter = match level {
        Level::Error => 'E',
        Level::Warning => 'W',
        Level::Notice => 'N',
        Level::Debug => 'D',
    };
    let mut line = format!("{letter}: {} ", undivided(log_date)).into_bytes();
    line.extend_from_slice(text);
    line.truncate(LONGEST);
    line.push(b'\n');
    complain(&line);
}
