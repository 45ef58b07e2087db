//! Clients: the peers that connected to our ROUTER, one session each.

use super::feed::Feed;
use super::input::Millis;
use super::legacy::Legacy;
use super::link::{ClientId, Source};
use super::throttle::Throttle;
use std::collections::HashMap;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientPhase {
    /// No HELLO yet: nothing is forwarded to it.
    Start,
    /// A C node that has said HELLO: what it pushes right behind that is collected first.
    Collecting,
    /// Being told what it lacks; new tuples reach it by way of the feed.
    Feeding(Feed),
    /// Knows everything; new tuples are sent at once.
    Live,
}

impl ClientPhase {
    /// The state's name in the C actor's traces.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            ClientPhase::Start => "start",
            ClientPhase::Collecting | ClientPhase::Feeding(_) => "have tuple",
            ClientPhase::Live => "connected",
        }
    }
}

/// What is known of one client.
#[derive(Debug)]
pub(crate) struct Session {
    routing_id: Box<[u8]>,
    /// Number of the session in traces.
    pub(crate) number: u64,
    pub(crate) phase: ClientPhase,
    /// It is one of ours: it understands stamps.
    pub(crate) ours: bool,
    /// It is a C node, and this is what we know of it.
    pub(crate) legacy: Option<Box<Legacy>>,
    /// Marks the tuples that it sent.
    pub(crate) source: Source,
    /// When it last sent anything.
    pub(crate) heard: Millis,
    /// PONGs to send once it has been told everything: a PONG says that all that came before it
    /// in the tuple set has been sent.
    pub(crate) owed_pongs: u32,
    /// When it had last been told everything.
    pub(crate) fed: Millis,
    /// It said HELLO again; it will be told everything again at this time.
    pub(crate) feed_again: Option<Millis>,
    /// It was to ask for what it lacks, and was not told everything.
    pub(crate) untold: bool,
    /// Cells of the last sketch that it was sent, and when; whether it may ask for tuples now.
    pub(crate) sketched: (usize, Millis),
    pub(crate) may_want: bool,
    pub(crate) malformed: Throttle,
}

/// The table of sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_routing_id: HashMap<Box<[u8]>, ClientId>,
    slots: Vec<Option<Session>>,
    free: Vec<ClientId>,
    next_number: u64,
}

impl Sessions {
    /// An empty table; traces number the sessions from here on.
    pub(crate) fn new(first_number: u64) -> Sessions {
        Sessions { next_number: first_number, ..Sessions::default() }
    }

    /// The session of a routing id.
    pub(crate) fn find(&self, routing_id: &[u8]) -> Option<ClientId> {
        self.by_routing_id.get(routing_id).copied()
    }

    /// Begin a session: any first message of a client does.
    pub(crate) fn add(&mut self, routing_id: &[u8], source: Source, now: Millis) -> ClientId {
        let session = Session {
            routing_id: routing_id.into(),
            number: self.next_number,
            phase: ClientPhase::Start,
            ours: false,
            legacy: None,
            source,
            heard: now,
            owed_pongs: 0,
            fed: 0,
            feed_again: None,
            untold: false,
            sketched: (0, 0),
            may_want: false,
            malformed: Throttle::default(),
        };
        self.next_number += 1;
        let client = self.store(session);
        self.by_routing_id.insert(routing_id.into(), client);
        client
    }

    fn store(&mut self, session: Session) -> ClientId {
        if let Some(client) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(client.0 as usize) {
                *slot = Some(session);
                return client;
            }
        }
        self.slots.push(Some(session));
        ClientId((self.slots.len() - 1) as u32)
    }

    pub(crate) fn get(&self, client: ClientId) -> Option<&Session> {
        self.slots.get(client.0 as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, client: ClientId) -> Option<&mut Session> {
        self.slots.get_mut(client.0 as usize)?.as_mut()
    }

    /// The address of a client on the ROUTER.
    pub(crate) fn routing_id(&self, client: ClientId) -> Option<&[u8]> {
        self.get(client).map(|session| &*session.routing_id)
    }

    /// Drop a session.
    pub(crate) fn forget(&mut self, client: ClientId) -> Option<Session> {
        let session = self.slots.get_mut(client.0 as usize)?.take()?;
        self.by_routing_id.remove(&session.routing_id);
        self.free.push(client);
        Some(session)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ClientId, &Session)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(slot, session)| Some((ClientId(slot as u32), session.as_ref()?)))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (ClientId, &mut Session)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(slot, session)| Some((ClientId(slot as u32), session.as_mut()?)))
    }
}
