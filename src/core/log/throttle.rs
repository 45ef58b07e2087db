//! A limit for the log lines that one peer can cause.

use super::super::input::Millis;

/// At most one line in each interval. Those that are left out in between are counted.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    open_at: Millis,
    swallowed: u64,
}

impl Throttle {
    /// None where this line must be left out; else how many were left out before it.
    pub(in crate::core) fn pass(&mut self, now: Millis, interval: Millis) -> Option<u64> {
        if now < self.open_at {
            self.swallowed = self.swallowed.saturating_add(1);
            return None;
        }
        self.open_at = now.saturating_add(interval);
        Some(std::mem::take(&mut self.swallowed))
    }
}

/// What a line says of those that were left out before it.
pub(in crate::core) fn times_before(more: u64) -> String {
    if more > 0 { format!(" (and {more} times before that)") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_passes_per_interval_and_tells_how_many_did_not() {
        let mut throttle = Throttle::default();
        assert_eq!(throttle.pass(5, 100), Some(0));
        assert_eq!(throttle.pass(6, 100), None);
        assert_eq!(throttle.pass(104, 100), None);
        assert_eq!(throttle.pass(105, 100), Some(2));
    }
}
