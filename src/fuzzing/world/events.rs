//! From bytes to events.

use super::*;
use crate::wire::{Sketch, Stamp, Summary, until_nul};

const WORDS: [&str; 21] = [
    "PUBLISH",
    "PUBLISH",
    "PUBLISH",
    "CONNECT",
    "CONNECT",
    "STATUS",
    "PORT",
    "BIND",
    "UNPUBLISH",
    "SET",
    "LOAD",
    "SAVE",
    "VERBOSE",
    "ZAP DOMAIN",
    "SET PUBLICKEY",
    "SET SECRETKEY",
    "$TERM",
    "?",
    "KEYS",
    "TUPLE",
    "ALLOW",
];

/// Few, so that one is often named twice.
const ENDPOINTS: [&[u8]; 5] =
    [b"inproc://a", b"inproc://b", b"ipc://x", b"tcp://h:1", b"tcp://127.0.0.1:*"];

/// Files that the node may be told to read.
const FILES: [&[u8]; 5] = [
    b"server\n    timeout = 0\nzgossip\n    echo = hello\n    bind\n        endpoint = ipc://x\n",
    b"zgossip\n    security\n        mechanism = curve\n        secret-key = file\n    bind\n",
    b"curve\n    public-key = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n    \
      secret-key = \"D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"\n",
    b"server\n    timeout = -1\n",
    b"   bad",
];

/// Jumps of the clock, in milliseconds.
const JUMPS: [Millis; 12] = [0, 1, 20, 100, 300, 501, 801, 1000, 5000, 11_000, 31_000, 1 << 33];

impl World<'_> {
    pub(super) fn event(&mut self) {
        match self.feed.choice(16) {
            0..=2 => self.command(),
            3..=6 => {
                let client = 1 + self.feed.choice(CLIENTS - 1);
                let frame = self.frame();
                let frames = if self.feed.rarely(16) { self.feed.choice(4) } else { 1 };
                self.client_says(client, &frame, frames);
            }
            7 | 8 => {
                let Some(server) = self.some_server() else { return };
                let frame = self.frame();
                let frames = if self.feed.rarely(16) { self.feed.choice(4) } else { 1 };
                self.server_says(server, &frame, frames);
            }
            9 => self.change_connection(),
            10 => {
                let client = 1 + self.feed.choice(CLIENTS - 1);
                let route = [Route::Open, Route::Full, Route::Gone][self.feed.choice(3)];
                if let Some(peer) = self.clients.get_mut(client) {
                    peer.route = route;
                }
            }
            11 => {
                self.owner.room = [0, 1, 5, UNLIMITED][self.feed.choice(4)];
                self.owner.flush(self.node.outbox(), &self.held);
            }
            12 => self.jump(),
            13 => {
                if let Some(deadline) = self.node.next_deadline() {
                    self.now = self.now.max(deadline);
                }
                self.tick();
            }
            14 => self.burst(),
            _ => self.odd_event(),
        }
    }

    fn command(&mut self) {
        let word = WORDS[self.feed.choice(WORDS.len())].as_bytes();
        // A second argument of CONNECT is a key, and most texts are none.
        let usual = if word == b"CONNECT" { 1 } else { 2 };
        let arguments = if self.feed.rarely(8) { self.feed.choice(4) } else { usual };
        let mut frames = vec![word];
        frames.extend((0..arguments).map(|_| self.feed.text()));
        // Most texts are no endpoints either.
        let endpoint = matches!(word, b"CONNECT" | b"BIND") && !self.feed.rarely(4);
        if let Some(first) = frames.get_mut(1).filter(|_| endpoint) {
            *first = ENDPOINTS[self.feed.choice(ENDPOINTS.len())];
        }
        if self.feed.rarely(64) {
            frames.clear();
        }
        self.say(&frames);
    }

    fn say(&mut self, frames: &[&[u8]]) {
        let texts: Vec<&[u8]> = frames.iter().map(|frame| until_nul(frame)).collect();
        match texts.as_slice() {
            [b"PUBLISH", key, value, ..] if key.len() < 256 => {
                self.held.offer(key, value, Cause::Owner);
            }
            [b"UNPUBLISH", key, ..] => {
                self.held.unpublish(key);
                self.owner.unpublished = true;
            }
            [b"STATUS", ..] => {
                let count = self.held.tuples.len() as i64;
                self.owner.expected.push_back(("STATUS", count));
            }
            [b"KEYS", ..] => {
                let prefix = texts.get(1).copied().unwrap_or_default();
                let found = self.held.tuples.keys().filter(|key| key.starts_with(prefix));
                self.owner.expected.push_back(("KEYS", found.count() as i64));
            }
            [b"TUPLE", key, ..] => {
                let texts = 1 + i64::from(self.held.tuples.contains_key(*key));
                self.owner.expected.push_back(("TUPLE", texts));
            }
            [b"PORT", ..] => self.owner.expected.push_back(("PORT", self.owner.port)),
            [b"$TERM", ..] => self.told_to_end = true,
            _ => {}
        }
        self.binds = 0;
        self.happen(Cause::Owner, Input::Command(frames));
        if texts.first() == Some(&&b"BIND"[..]) && self.binds == 0 {
            // Refused without an attempt.
            self.owner.port = -1;
        }
        self.told_to_end = false;
    }

    /// A message of the protocol, or nearly one.
    fn frame(&mut self) -> Vec<u8> {
        let kind = self.feed.choice(16);
        let signal = |id| encode_signal(id).to_vec();
        match kind {
            0 => of_ours(MessageType::Hello, false),
            1 => self.about_sketches(),
            2 => signal(MessageType::Hello),
            3 => signal(MessageType::Ping),
            4 => signal(MessageType::Pong),
            5 => signal(MessageType::Invalid),
            6 => self.feed.text().to_vec(),
            _ => {
                let ttl = u32::from(self.feed.rarely(4)) * 7;
                let mut frame = publish(self.feed.text(), self.feed.text(), ttl);
                match kind {
                    7 => frame.truncate(self.feed.choice(frame.len() + 1)),
                    8 => {
                        let place = self.feed.choice(frame.len().max(1));
                        let value = self.feed.byte();
                        frame.iter_mut().skip(place).take(1).for_each(|byte| *byte = value);
                    }
                    9 => frame.extend(self.feed.text()),
                    10 | 11 => self.stamp().write(&mut frame),
                    _ => {}
                }
                frame
            }
        }
    }

    /// A stamp of any time, by anybody.
    fn stamp(&mut self) -> Extension {
        let (date, number) = (EPOCH + self.now.min(1 << 40), u64::from(self.feed.byte()));
        let time = match self.feed.choice(6) {
            0 => number,
            1 => date + number,
            2 => date.saturating_sub(number * 1000),
            3 => date + DAY + number - 128,
            4 => 32_503_680_000_000 - number % 2,
            _ => u64::MAX >> 16,
        };
        let clock = (time << 16).wrapping_sub(number % 3);
        let origin = [1 << 63 | 1, number, u64::MAX][self.feed.choice(3)];
        Extension { stamp: Some(Stamp { clock, origin }), ..Extension::default() }
    }

    /// What peers say to find out in what their sets differ, or nearly that.
    fn about_sketches(&mut self) -> Vec<u8> {
        let hello = self.feed.rarely(2);
        let kind = self.feed.choice(4);
        let number = u64::from(self.feed.byte());
        let mut extension = Extension::default();
        match kind {
            0 => {
                extension.caps =
                    Some(Caps { node: 2, greeting: !hello, sketches: true, time: None });
                extension.summary = Some(Summary { count: number % 8, digest: number });
                return with_tail(
                    if hello { MessageType::Hello } else { MessageType::Pong },
                    &extension,
                );
            }
            1 => extension.ask = Some(4 << (number % 8)),
            2 => extension.wants = vec![number; 1 + number as usize % 4],
            _ => {
                let mut sketch = Sketch::new(number, 4 << (number % 3));
                (0..number / 64).for_each(|id| {
                    sketch.toggle(id);
                });
                extension.sketch = Some(sketch);
            }
        }
        with_tail(
            if extension.sketch.is_some() { MessageType::Pong } else { MessageType::Ping },
            &extension,
        )
    }

    fn some_server(&mut self) -> Option<ServerId> {
        let count = self.servers.len().max(1);
        let place = self.feed.choice(count);
        self.servers.keys().nth(place).copied()
    }

    fn change_connection(&mut self) {
        let Some(server) = self.some_server() else { return };
        match self.feed.choice(4) {
            0 | 1 => self.connection(server, true),
            2 => self.connection(server, false),
            _ => {
                if let Some((peer, true)) = self.servers.get_mut(&server) {
                    peer.route = Route::Gone;
                }
            }
        }
    }

    fn jump(&mut self) {
        let by = JUMPS[self.feed.choice(JUMPS.len())];
        if self.feed.rarely(8) {
            // A clock that runs backwards must not harm.
            let now = self.now;
            self.now = now.saturating_sub(by);
            self.happen(Cause::Time, Input::Tick);
            self.now = now;
        } else {
            self.now += by;
        }
        self.tick();
    }

    /// Enough tuples for a catch-up to take several turns, and enough changes for the log to have holes.
    fn burst(&mut self) {
        let (first, value) = (self.feed.byte(), self.feed.byte());
        for number in 0..u16::from(self.feed.byte()) {
            let key = (u16::from(first) * 64 + number).to_be_bytes().map(|byte| byte | 0x80);
            self.say(&[b"PUBLISH", &key, &[value.max(1)]]);
        }
    }

    pub(super) fn load(&mut self, path: &[u8], purpose: Purpose) {
        let saved = self.saved.clone();
        let content = match self.feed.choice(8) {
            0 => Err("no such file"),
            1 => Ok(saved.as_slice()),
            2 => Ok(self.feed.text()),
            file => Ok(FILES[file - 3]),
        };
        self.input(Input::Loaded { path, purpose, content });
    }

    /// Something rare, or about links that do not exist.
    fn odd_event(&mut self) {
        let (client, server) = (ClientId(77), ServerId(u32::from(self.feed.byte()) + 1000));
        let message = Received { frame: &encode_signal(MessageType::Invalid), frames: 1 };
        let input = match self.feed.choice(11) {
            10 => {
                // By less than a day: then all sessions would begin anew, and the observer's with them.
                self.date = EPOCH + [0, 20 * 3_600_000][self.feed.choice(2)];
                return self.node.is_told_date(self.now, self.date + self.now.min(1 << 40));
            }
            0 => Input::ClientGone(client),
            1 => Input::ServerUp(server),
            2 => Input::ServerDown(server),
            3 => Input::ServerRefused { server, reason: "no" },
            4 => Input::ConnectFailed { server, reason: "no" },
            5 => Input::Blocked { link: LinkId::Client(client), unsent: Unsent::Tuple(9) },
            6 => Input::FromServer { server, message },
            7 => {
                let Some(server) = self.some_server() else { return };
                Input::ServerRefused { server, reason: "no" }
            }
            8 => return self.answer_pings(),
            _ => {
                self.cause = Cause::Time;
                return self.load(b"file", Purpose::Reload);
            }
        };
        self.happen(Cause::Time, input);
    }
}
