//! The rules by which networks come to rest, by name (`docs/convergence.md`).
//!
//! A test breaks one at a time, to show that the simulator notices. Outside of tests every rule is kept, and
//! asking costs nothing.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Of two values of a key, the one with the larger stamp wins (R1).
    LargestWins,
    /// A write gets a stamp above that of what it replaces.
    AboveReplaced,
    /// A write gets a stamp above all that the node has seen.
    Witness,
    /// A clock that is far ahead does not carry the clock of this node along.
    BoundedLead,
    /// A stamp that is more than a day ahead is not taken.
    NoFuture,
    /// A value of a CZMQ peer gets the smallest stamp above what it has replaced.
    SmallestMint,
    /// What a newborn node has published wins over what the network remembers.
    Newborn,
    /// But once for each write.
    NewbornOnce,
    /// A tuple is not replicated to where it came from.
    NotBack,
    /// Nor is it sent there by a catch-up.
    NotToldBack,
    /// DELIVER tells a value that differs from the one before.
    DeliverChanges,
    /// A CZMQ peer is sent no stamp.
    BareToCzmq,
    /// What a CZMQ peer says is only collected until its whole set is known (R2).
    Collect,
    /// A key that only the CZMQ peer knows is taken (R3).
    TakeUnknown,
    /// A replaced value of a CZMQ peer is overruled (R3).
    OverruleStale,
    /// A new value of a key that CZMQ peers write is a newer write (R3).
    BelieveRestart,
    /// Nothing is believed while our value is under way (R4).
    WhilePending,
    /// The echo tells that our value was taken (R5).
    EchoIsAck,
    /// The barrier tells that our value was taken (R5).
    Barrier,
    /// A second without echo tells that our value was taken (R5).
    AckByTime,
    /// A value that nobody had seen, and that the CZMQ peer said meanwhile, is a newer write (R5).
    Fresh,
    /// What the CZMQ peer then holds is compared (R5).
    LookAfter,
    /// A value that was replaced before must stand for a while (R6).
    Hold,
    /// It is believed if it still stands then (R6).
    HoldEnds,
    /// The larger digest moves first (R6).
    HoldOrder,
    /// Each return of a key doubles the time (R6).
    HoldDoubles,
    /// Replaced values are remembered (R6).
    Remember,
    /// But only so many of a key.
    RememberFew,
    /// Two sends of a key are some time apart (R7).
    Pace,
    /// A value from one CZMQ peer waits a little before another is told (R7).
    ReplicationWaits,
    /// A CZMQ peer is not told what it has said itself (R7).
    NotTwice,
    /// A register in which nothing happens any more is forgotten.
    Sweep,
    /// A server is sent a PING often enough not to forget us.
    Heartbeat,
    /// A server that has forgotten us is greeted.
    GreetOnInvalid,
    /// A server that may have forgotten us, because we did nothing for long, is greeted.
    GreetAfterStall,
    /// Sets that stay different are repaired.
    Compare,
    /// A peer is told everything again, or greeted again, only so often.
    FewTellings,
    /// Of its tuples without a stamp only so many are answered.
    FewAnswers,
    /// A client is sent only so many sketches.
    FewSketches,
    /// What a CZMQ server held when it went down is no news.
    GoneIsGone,
}

#[cfg(not(test))]
pub(super) const fn keeps(_: Rule) -> bool {
    true
}

#[cfg(test)]
pub(super) use tests::keeps;

#[cfg(test)]
pub(super) mod tests {
    use super::Rule;
    use std::cell::Cell;

    thread_local! {
        static BROKEN: Cell<Option<Rule>> = const { Cell::new(None) };
    }

    pub(in super::super) fn keeps(rule: Rule) -> bool {
        BROKEN.get() != Some(rule)
    }

    /// Run this with a rule broken, in this thread only.
    pub(in super::super) fn without<T>(rule: Rule, run: impl FnOnce() -> T) -> T {
        BROKEN.set(Some(rule));
        let result = run();
        BROKEN.set(None);
        result
    }
}
