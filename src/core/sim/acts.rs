//! What is done to a network, carried out.

use super::super::Input;
use super::nodes::{Link, SimNode};
use super::plan::Act;
use super::world::World;
use crate::wire::{Extension, Message, decode_with_extension};

impl World {
    pub(super) fn act(&mut self, act: Act) {
        match act {
            Act::Publish { node, key, value } => self.publish(node, &key, &value),
            Act::Connect(link) => self.connect(link),
            Act::Drop(link) => self.drop_link(link),
            Act::Restart { node, skew } => self.restart(node, skew),
            Act::Stall { node, micros } => {
                if let SimNode::Native(native) = &mut self.nodes[node] {
                    native.stalled_until = native.stalled_until.max(self.now + micros);
                }
            }
            Act::Say { link, frame } => self.say(link, frame),
            Act::Lose { link, on } => self.links[link].loses = on.then_some(0),
        }
    }

    /// What a stranger says counts as written: nobody can tell.
    fn say(&mut self, link: usize, frame: Vec<u8>) {
        let Link { client, server, .. } = self.links[link];
        let from = if matches!(self.nodes[client], SimNode::Hostile) { client } else { server };
        if let Ok((Message::Publish { key, value, .. }, rest)) = decode_with_extension(&frame) {
            let stamp = Extension::read(rest).ok().and_then(|extension| extension.stamp);
            self.watch.hears(key, value, stamp);
        }
        self.watch.said += 1;
        self.send(link, from, frame);
    }

    fn publish(&mut self, node: usize, key: &str, value: &str) {
        self.watch.writes(node, key, value);
        match &mut self.nodes[node] {
            SimNode::Hostile => {}
            SimNode::Czmq(c) => {
                c.accept(self.now, key, value);
                self.collect_czmq(node);
            }
            SimNode::Native(_) => {
                self.input(node, Input::Command(&[b"PUBLISH", key.as_bytes(), value.as_bytes()]));
                if let SimNode::Native(native) = &self.nodes[node] {
                    self.watch.wrote(node, native, self.now, key, value);
                }
            }
        }
    }

    pub(super) fn connect(&mut self, link: usize) {
        if self.links[link].up {
            return;
        }
        let client = self.links[link].client;
        self.links[link].up = true;
        self.links[link].life += 1;
        self.links[link].last = [self.now; 2];
        self.links[link].free = [self.now; 2];
        self.links[link].tuples_until = self.now;
        self.watch.link_is_new(link);
        match &mut self.nodes[client] {
            SimNode::Hostile => {}
            SimNode::Czmq(c) => {
                c.up(link);
                self.collect_czmq(client);
            }
            SimNode::Native(native) => match native.servers.get(&link).copied() {
                Some(server) => self.input(client, Input::ServerUp(server)),
                None => {
                    let endpoint = format!("sim://{link}");
                    self.input(client, Input::Command(&[b"CONNECT", endpoint.as_bytes()]));
                }
            },
        }
    }

    pub(super) fn drop_link(&mut self, link: usize) {
        self.left_alone.remove(&link);
        if !std::mem::replace(&mut self.links[link].up, false) {
            return;
        }
        for node in [self.links[link].client, self.links[link].server] {
            match &mut self.nodes[node] {
                SimNode::Hostile => {}
                SimNode::Czmq(c) => c.down(link),
                // A server is not told of it: its next send to that client fails.
                SimNode::Native(native) => {
                    if let Some(server) = native.servers.get(&link).copied() {
                        self.input(node, Input::ServerDown(server));
                    }
                }
            }
        }
    }

    /// The process starts again with an empty tuple set. Its links come back later.
    fn restart(&mut self, node: usize, skew: i64) {
        for link in 0..self.links.len() {
            if self.links[link].client == node || self.links[link].server == node {
                self.drop_link(link);
            }
        }
        self.watch.restarts(node);
        match &mut self.nodes[node] {
            SimNode::Hostile => {}
            SimNode::Czmq(c) => c.restart(),
            SimNode::Native(native) => native.restart(self.now / 1000, skew),
        }
    }
}
