//! Nodes that talk to each other without sockets.

use super::*;

/// A network of nodes whose links deliver at once and in order.
pub(super) struct Network {
    pub(super) benches: Vec<TestNode>,
    /// The client's node, the server's number there, the server's node, the client's routing id there.
    links: Vec<(usize, ServerId, usize, String)>,
    under_way: VecDeque<(usize, LinkId, Frame)>,
    pub(super) frames: usize,
    /// How many tuples were carried, and the bytes of everything else: towards servers, towards clients.
    pub(super) tuples: usize,
    pub(super) bytes: [usize; 2],
}

impl Network {
    pub(super) fn new(nodes: usize) -> Network {
        Network::with(nodes, Sketching::default())
    }

    pub(super) fn with(nodes: usize, sketching: Sketching) -> Network {
        let options = |node| Setup {
            node,
            label: b"node".to_vec(),
            sketching: sketching.clone(),
            ..Setup::default()
        };
        Network {
            benches: (1..=nodes as u64).map(|node| TestNode::with(options(node))).collect(),
            links: Vec::new(),
            under_way: VecDeque::new(),
            frames: 0,
            tuples: 0,
            bytes: [0; 2],
        }
    }

    /// Two nodes get a link, on which nothing has been carried yet.
    pub(super) fn connect(&mut self, client: usize, server: usize) {
        let name = format!("{client}-{server}");
        self.benches[client].command(&["CONNECT", &format!("inproc://{name}")]);
        self.benches[client].outputs();
        let id =
            ServerId(self.benches[client].node.replica.peers.servers().iter().count() as u32 - 1);
        self.links.push((client, id, server, name));
        self.benches[client].input(Input::ServerUp(id));
    }

    pub(super) fn link(&mut self, client: usize, server: usize) {
        self.connect(client, server);
        self.run();
    }

    /// Carry frames until none is under way.
    pub(super) fn run(&mut self) {
        while self.step() {}
    }

    /// Carry the next frame; false where none is under way.
    pub(super) fn step(&mut self) -> bool {
        let next = self.take();
        next.iter().for_each(|(from, link, frame)| self.carry(*from, *link, frame));
        next.is_some()
    }

    /// Take out the next frame that is under way, so that it does not arrive.
    pub(super) fn take(&mut self) -> Option<(usize, LinkId, Frame)> {
        for (from, bench) in self.benches.iter_mut().enumerate() {
            for output in bench.outputs() {
                if let Output::Send { link, frame } = output {
                    self.under_way.push_back((from, link, frame));
                }
            }
        }
        self.under_way.pop_front()
    }

    /// Let time pass for everybody, with all that is sent meanwhile.
    pub(super) fn pass(&mut self, time: Millis) {
        self.benches.iter_mut().for_each(|bench| bench.pass(time));
        self.run();
    }

    fn carry(&mut self, from: usize, link: LinkId, frame: &Frame) {
        let bytes = match frame {
            Frame::Signal(id, extension) => {
                let mut bytes = signal(*id).to_vec();
                extension.iter().for_each(|extension| extension.write(&mut bytes));
                bytes
            }
            Frame::Tuple { frame, stamp, .. } => {
                let mut bytes = frame.to_vec();
                wire::Extension { stamp: *stamp, ..wire::Extension::default() }.write(&mut bytes);
                bytes
            }
        };
        self.frames += 1;
        match frame {
            Frame::Tuple { .. } => self.tuples += 1,
            Frame::Signal(..) => {
                self.bytes[usize::from(matches!(link, LinkId::Client(_)))] += bytes.len();
            }
        }
        match link {
            LinkId::Server(id) => {
                let to = self.links.iter().find(|link| link.0 == from && link.1 == id).cloned();
                let (_, _, server, name) = to.expect("a link");
                self.benches[server].client_says(&name, &bytes);
            }
            LinkId::Client(client) => {
                let name = self.benches[from].node.routing_id(client).expect("a client").to_vec();
                let to = self.links.iter().find(|link| link.2 == from && link.3.as_bytes() == name);
                // Without a link it is a stranger, who does not listen.
                let Some((client, server, ..)) = to.cloned() else { return };
                self.benches[client].server_says(server, &bytes);
            }
        }
    }

    pub(super) fn publish(&mut self, node: usize, key: &str, value: &str) {
        self.benches[node].command(&["PUBLISH", key, value]);
        self.run();
    }

    pub(super) fn value(&self, node: usize, key: &str) -> Option<&[u8]> {
        let held = self.benches[node].node.replica.tuples.get(key.as_bytes());
        held.map(|(value, _)| value)
    }
}

#[test]
fn a_tuple_crosses_a_tree_with_one_frame_for_each_link() {
    let mut network = Network::new(7);
    for child in 1..7 {
        network.link(child, (child - 1) / 2);
    }
    network.frames = 0;
    network.publish(3, "k", "v");
    assert_eq!(network.frames, 6);
    assert!((0..7).all(|node| network.value(node, "k") == Some(b"v")));
}

#[test]
fn a_cycle_comes_to_rest() {
    let mut network = Network::new(5);
    for node in 0..5 {
        network.link(node, (node + 1) % 5);
    }
    for node in 0..5 {
        network.publish(node, &format!("k{node}"), "v");
        network.publish(node, &format!("k{node}"), "w");
    }
    for node in 0..5 {
        for key in 0..5 {
            assert_eq!(network.value(node, &format!("k{key}")), Some(&b"w"[..]));
        }
    }
}

#[test]
fn a_late_joiner_learns_everything_and_tells_everything() {
    let mut network = Network::new(3);
    network.link(0, 1);
    network.publish(0, "old", "1");
    network.benches[2].command(&["PUBLISH", "new", "2"]);
    network.link(2, 1);
    for node in 0..3 {
        assert_eq!(network.value(node, "old"), Some(&b"1"[..]), "node {node}");
        assert_eq!(network.value(node, "new"), Some(&b"2"[..]), "node {node}");
    }
}

#[test]
fn a_node_connected_to_itself_comes_to_rest() {
    let mut network = Network::new(1);
    network.link(0, 0);
    network.publish(0, "k", "1");
    network.publish(0, "k", "2");
    assert_eq!(network.value(0, "k"), Some(&b"2"[..]));
}

#[test]
fn what_is_unpublished_stays_away_and_sets_stay_equal() {
    let mut network = Network::new(3);
    network.link(0, 1);
    network.publish(0, "k", "v");
    network.publish(0, "other", "v");
    network.benches[1].command(&["UNPUBLISH", "k"]);
    network.link(2, 1);
    for _ in 0..10 {
        network.pass(300);
    }
    assert_eq!(network.value(1, "k"), None);
    assert_eq!(network.value(0, "k"), Some(&b"v"[..]));
    network.frames = 0;
    for _ in 0..10 {
        network.pass(300);
    }
    assert!(network.frames <= 60, "{} frames although all is said", network.frames);
    network.publish(1, "k", "v");
    assert_eq!(network.value(1, "k"), Some(&b"v"[..]), "published again, it is there again");
}
