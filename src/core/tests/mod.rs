//! Behaviour of one node, input by input, and of small networks of nodes without sockets.

mod access;
mod bounds;
mod clocks;
mod commands;
mod config;
mod czmq;
mod flush;
mod full_czmq_peers;
mod limits;
mod network;
mod newborn;
mod sketches;
mod with_clients;
mod with_servers;

use super::*;
use crate::fuzzing::published;
use crate::wire::{self, MessageType, encode_publish, encode_signal};

/// A node, and what it wanted done since that was last asked for.
pub(super) struct TestNode {
    pub(super) node: Node,
    pub(super) now: Millis,
    /// Names and contents of the files that there are.
    pub(super) files: Vec<(&'static str, &'static str)>,
    seen: Vec<Output>,
}

impl TestNode {
    pub(super) fn new() -> TestNode {
        TestNode::with(Setup { label: b"node".to_vec(), ..Setup::default() })
    }

    pub(super) fn with(options: Setup) -> TestNode {
        TestNode { node: Node::new(options, 0), now: 0, files: Vec::new(), seen: Vec::new() }
    }

    pub(super) fn input(&mut self, input: Input<'_>) {
        self.node.handle(self.now, input);
        self.settle();
    }

    /// Answer binds and reads of files as the driver does: at once, and before the outputs that follow.
    fn settle(&mut self) {
        let mut outputs = VecDeque::new();
        self.node.take_outputs(&mut outputs);
        while let Some(output) = outputs.pop_front() {
            self.seen.push(output.clone());
            match output {
                Output::Bind { endpoint, by_file } => {
                    let port = endpoint.starts_with(b"tcp://").then_some(49_152);
                    self.input(Input::Bound { endpoint: &endpoint, by_file, outcome: Ok(port) });
                }
                Output::Load { path, purpose } => {
                    let name = String::from_utf8_lossy(&path).into_owned();
                    let file = self.files.iter().find(|(file, _)| *file == name);
                    let content = file.map(|(_, text)| text.as_bytes()).ok_or("no such file");
                    self.input(Input::Loaded { path: &path, purpose, content });
                }
                _ => {}
            }
        }
    }

    pub(super) fn command(&mut self, frames: &[&str]) {
        let frames: Vec<&[u8]> = frames.iter().map(|frame| frame.as_bytes()).collect();
        self.input(Input::Command(&frames));
    }

    pub(super) fn client_says(&mut self, client: &str, frame: &[u8]) {
        let message = Received { frame, frames: 1 };
        self.input(Input::FromClient { routing_id: client.as_bytes(), message });
    }

    pub(super) fn server_says(&mut self, server: ServerId, frame: &[u8]) {
        self.input(Input::FromServer { server, message: Received { frame, frames: 1 } });
    }

    /// A native client joins. The answer to its HELLO does not show among the outputs.
    pub(super) fn join(&mut self, client: &str) {
        let before = self.outputs();
        self.client_says(client, &hello());
        let greeting = |output: &Output| {
            matches!(output, Output::Send { frame: Frame::Signal(MessageType::Pong, Some(_)), .. })
        };
        let after = self.outputs();
        assert!(after.iter().any(greeting), "a native peer is greeted");
        self.seen = before;
        self.seen.extend(after.into_iter().filter(|output| !greeting(output)));
    }

    /// Let time pass, in the steps that the node asks for.
    pub(super) fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        while let Some(due) = self.node.next_deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.input(Input::Tick);
        }
        self.now = end;
    }

    /// Everything since the last call.
    pub(super) fn outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.seen)
    }

    /// Frames for peers since the last call: "client:NAME PUBLISH k=v" or "server:0 HELLO".
    pub(super) fn sent(&mut self) -> Vec<String> {
        let sends: Vec<_> = self
            .outputs()
            .into_iter()
            .filter_map(|output| match output {
                Output::Send { link, frame } => Some((link, frame)),
                _ => None,
            })
            .collect();
        sends.into_iter().map(|(link, frame)| self.describe(link, &frame)).collect()
    }

    fn describe(&self, link: LinkId, frame: &Frame) -> String {
        let link = match link {
            LinkId::Client(client) => {
                let name = self.node.routing_id(client).unwrap_or(b"gone");
                format!("client:{}", String::from_utf8_lossy(name))
            }
            LinkId::Server(server) => format!("server:{}", server.0),
        };
        match frame {
            Frame::Signal(id, _) => format!("{link} {}", id.name()),
            Frame::Tuple { frame, .. } => {
                let (key, value) = published(frame);
                let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
                format!("{link} PUBLISH {key}={value}")
            }
        }
    }

    /// The tuples that are sent now do not fit into what may wait for their peers: how many there are.
    pub(super) fn refuse(&mut self) -> usize {
        let mut tuples = 0;
        for output in self.outputs() {
            if let Output::Send { link, frame: Frame::Tuple { position, .. } } = output {
                self.input(Input::Blocked { link, unsent: Unsent::Tuple(position) });
                tuples += 1;
            }
        }
        tuples
    }

    /// Log lines since the last call.
    pub(super) fn logged(&mut self) -> Vec<String> {
        let outputs = self.outputs();
        let lines = outputs.into_iter().filter_map(|output| match output {
            Output::Log(_, text) | Output::Refused(text) => {
                Some(String::from_utf8_lossy(&text).into_owned())
            }
            _ => None,
        });
        lines.collect()
    }

    /// What the owner was told since the last call: "DELIVER k=v" or "STATUS 1".
    pub(super) fn told(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(message) = self.node.outbox().pop() {
            told.push(match message {
                OwnerMessage::Deliver(tuple) => {
                    let key = String::from_utf8_lossy(tuple.key());
                    format!("DELIVER {key}={}", String::from_utf8_lossy(tuple.value()))
                }
                OwnerMessage::Reply { word, number } => format!("{word} {number}"),
                OwnerMessage::Answer { word, texts } => {
                    let texts = texts.iter().map(|text| String::from_utf8_lossy(text));
                    [word.into()].into_iter().chain(texts).collect::<Vec<_>>().join(" ")
                }
                OwnerMessage::Joined(at) => format!("JOINED {}", String::from_utf8_lossy(&at)),
            });
        }
        told
    }

    /// CONNECT, and the connection comes up.
    pub(super) fn connected(&mut self, endpoint: &str) -> ServerId {
        self.command(&["CONNECT", endpoint]);
        let id = self.outputs().into_iter().find_map(|output| match output {
            Output::Connect { server, .. } => Some(server),
            _ => None,
        });
        let id = id.expect("CONNECT makes a server");
        self.input(Input::ServerUp(id));
        id
    }
}

/// HELLO of a native peer whose set differs from that of the node under test.
pub(super) fn hello() -> Vec<u8> {
    let mut frame = encode_signal(MessageType::Hello).to_vec();
    let caps = Some(wire::Caps { node: 77, greeting: false, sketches: false, time: None });
    let summary = Some(wire::Summary { count: 1, digest: 1 });
    wire::Extension { caps, summary, ..wire::Extension::default() }.write(&mut frame);
    frame
}

pub(super) fn signal(id: MessageType) -> [u8; 4] {
    encode_signal(id)
}

pub(super) fn publish(key: &str, value: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    assert!(encode_publish(&mut frame, key.as_bytes(), value.as_bytes(), 0));
    assert!(wire::decode(&frame).is_ok());
    frame
}

/// The security that a ROUTER is given.
fn security(output: &Output) -> Option<&Security> {
    match output {
        Output::Secure(security) => Some(security),
        _ => None,
    }
}
