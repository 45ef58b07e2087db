//! A limit for log lines that a peer can cause.

use super::super::input::Millis;

/// At most one line per interval; what was swallowed in between is counted.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    open_at: Millis,
    swallowed: u64,
}

impl Throttle {
    /// None where the line must be swallowed, else how many were swallowed before it.
    pub(in crate::core) fn pass(&mut self, now: Millis, interval: Millis) -> Option<u64> {
        if now < self.open_at {
            self.swallowed = self.swallowed.saturating_add(1);
            return None;
        }
        self.open_at = now.saturating_add(interval);
        Some(std::mem::take(&mut self.swallowed))
    }
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
