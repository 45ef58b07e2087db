//! The time that a node was told, and everything that leaves it: outputs, messages for the owner, alarms,
//! lines for the log.

use super::alarms::{Alarm, AlarmNumber, Alarms};
use super::input::Millis;
use super::limits::{Limit, Limits};
use super::link::LinkId;
use super::log::{MalformedLines, Trace, plain, times_before};
use super::outbox::Outbox;
use super::output::{Frame, Level, Output};
use super::tuple_frame::TupleFrame;
use crate::wire::{Extension, Malformed, MessageType, Stamp};
use std::collections::VecDeque;
use std::fmt::Arguments;

/// Clients are checked, and what is at rest is forgotten, once in so many milliseconds.
const HOUSEKEEPING: Millis = 1000;

/// The time, and everything that leaves the node.
#[derive(Debug)]
pub(super) struct Io {
    now: Millis,
    random: u64,
    outputs: VecDeque<Output>,
    outbox: Outbox,
    alarms: Alarms,
    trace: Trace,
    malformed: MalformedLines,
    limits: Limits,
    /// Memory to encode frames in.
    scratch: Vec<u8>,
}

impl Io {
    pub(super) fn new(now: Millis, seed: u64, label: Vec<u8>) -> Io {
        Io {
            now,
            random: seed | 1,
            outputs: VecDeque::new(),
            outbox: Outbox::default(),
            alarms: Alarms::default(),
            trace: Trace::new(label),
            malformed: MalformedLines::default(),
            limits: Limits::default(),
            scratch: Vec::new(),
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.now
    }

    /// Time never runs backwards here, whatever the caller says.
    pub(super) fn is_told_time(&mut self, now: Millis) {
        self.now = self.now.max(now);
    }

    /// A random number below `limit`, to keep nodes from doing things at the same time.
    pub(super) fn jitter(&mut self, limit: Millis) -> Millis {
        // Xorshift (Marsaglia, 2003): nothing secret depends on it.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit.max(1)
    }

    pub(super) fn push(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    pub(super) fn outputs_mut(&mut self) -> &mut VecDeque<Output> {
        &mut self.outputs
    }

    pub(super) fn has_outputs(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// Messages for the owner.
    pub(super) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// The PUBLISH frame of a tuple: encoded once, however many links it goes to.
    pub(super) fn encode(&mut self, key: &[u8], value: &[u8], stamp: Stamp) -> TupleFrame {
        TupleFrame::new(&mut self.scratch, key, value, stamp)
    }

    /// Queue a tuple: for a native peer with its stamp, for a CZMQ peer without.
    pub(super) fn send_tuple(
        &mut self,
        link: LinkId,
        frame: &TupleFrame,
        position: usize,
        stamp: Option<Stamp>,
    ) {
        let frame = Frame::Tuple { frame: frame.clone(), position, stamp };
        self.push(Output::Send { link, frame });
    }

    /// Queue a message without fields.
    pub(super) fn send_signal(&mut self, link: LinkId, message: MessageType) {
        self.push(Output::Send { link, frame: Frame::Signal(message, None) });
    }

    /// Queue a message without fields, with an extension behind it for a native peer.
    pub(super) fn send_extended(
        &mut self,
        link: LinkId,
        message: MessageType,
        extension: Extension,
    ) {
        let frame = Frame::Signal(message, Some(Box::new(extension)));
        self.push(Output::Send { link, frame });
    }

    pub(super) fn log(&mut self, level: Level, parts: &[&[u8]]) {
        self.push(Output::Log(level, plain(&parts.concat()).into_bytes()));
    }

    /// Say why something that the owner asked for is not done.
    pub(super) fn refuse(&mut self, parts: &[&[u8]]) {
        self.push(Output::Refused(plain(&parts.concat()).into_bytes()));
    }

    pub(super) fn trace_settings(&mut self) -> &mut Trace {
        &mut self.trace
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.trace.is_verbose()
    }

    /// One line about the session of that number, when VERBOSE.
    pub(super) fn trace(&mut self, session: u64, what: Arguments<'_>) {
        if self.is_verbose() {
            let line = plain(self.trace.line(session, what).as_bytes());
            self.push(Output::Log(Level::Debug, line.into_bytes()));
        }
    }

    /// Some lines about the session of that number, when VERBOSE.
    pub(super) fn trace_all(&mut self, session: u64, lines: &[&str]) {
        lines.iter().for_each(|line| self.trace(session, format_args!("{line}")));
    }

    /// A malformed message was dropped: write a line that says so, if one is allowed. `more`: how many of
    /// this peer were dropped before it without a line; None where this one has to go without a line as well.
    pub(super) fn malformed(&mut self, peer: Arguments<'_>, fault: Malformed, more: Option<u64>) {
        self.malformed.count();
        let Some(more) = more else { return };
        if let Some(line) = self.malformed.line(peer, fault, more, self.now) {
            self.log(Level::Warning, &[line.as_bytes()]);
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// A peer has reached a limit: write a line that says so, if one is allowed.
    pub(super) fn reached(&mut self, limit: Limit, what: Arguments<'_>) {
        let Some(more) = self.limits.reaches(limit, self.now) else { return };
        let most = self.limits.most(limit).to_string();
        let more = times_before(more);
        let name = limit.name();
        let what = what.to_string();
        let parts: &[&[u8]] = &[
            b"zgossip/limits/",
            name,
            b" is ",
            most.as_bytes(),
            b": ",
            what.as_bytes(),
            more.as_bytes(),
        ];
        self.log(Level::Warning, parts);
    }

    /// There is no memory for a value of a peer: write a line that says so, if one is allowed.
    pub(super) fn is_short_of_memory(&mut self, key: &str, size: usize) {
        let Some(more) = self.limits.is_short_of_memory(self.now) else { return };
        let more = times_before(more);
        let line = format!(
            "there is no memory for a value of '{key}' with {size} bytes, which is not taken from \
             a peer{more}"
        );
        self.log(Level::Warning, &[line.as_bytes()]);
    }

    /// Have this alarm ring at this time; the alarm's number.
    pub(super) fn set_alarm(&mut self, at: Millis, alarm: Alarm) -> AlarmNumber {
        self.alarms.set(at, alarm)
    }

    /// Housekeeping in a second. Whoever wants it once a second asks again each time.
    pub(super) fn keep_house(&mut self) {
        self.set_alarm(self.now.saturating_add(HOUSEKEEPING), Alarm::Housekeeping);
    }

    pub(super) fn alarms(&self) -> &Alarms {
        &self.alarms
    }

    /// An alarm whose time has come, if it was set no later than the one of that number.
    pub(super) fn due_alarm(&mut self, last: AlarmNumber) -> Option<(AlarmNumber, Alarm)> {
        self.alarms.due(self.now, last)
    }
}
