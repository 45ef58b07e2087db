//! The table of clients.

use super::client::Client;
use crate::core::input::Millis;
use crate::core::link::{ClientId, Source};
use std::collections::HashMap;

/// All clients, found by their routing id or by their number here. The number of one that has gone is used
/// again.
#[derive(Debug, Default)]
pub(in crate::core) struct Clients {
    by_routing_id: HashMap<Box<[u8]>, ClientId>,
    slots: Vec<Option<Client>>,
    free: Vec<ClientId>,
    next_number: u64,
}

impl Clients {
    pub(super) fn new(first_number: u64) -> Clients {
        Clients { next_number: first_number, ..Clients::default() }
    }

    /// The client that has this routing id.
    pub(in crate::core) fn find(&self, routing_id: &[u8]) -> Option<ClientId> {
        self.by_routing_id.get(routing_id).copied()
    }

    pub(super) fn add(&mut self, routing_id: &[u8], source: Source, now: Millis) -> ClientId {
        let client = Client::new(routing_id, self.next_number, source, now);
        self.next_number += 1;
        let id = self.store(client);
        self.by_routing_id.insert(routing_id.into(), id);
        id
    }

    fn store(&mut self, client: Client) -> ClientId {
        if let Some(id) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(id.0 as usize) {
                *slot = Some(client);
                return id;
            }
        }
        self.slots.push(Some(client));
        ClientId((self.slots.len() - 1) as u32)
    }

    pub(super) fn get(&self, id: ClientId) -> Option<&Client> {
        self.slots.get(id.0 as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: ClientId) -> Option<&mut Client> {
        self.slots.get_mut(id.0 as usize)?.as_mut()
    }

    /// Its connection is gone.
    pub(in crate::core) fn forget(&mut self, id: ClientId) {
        let Some(client) = self.slots.get_mut(id.0 as usize).and_then(Option::take) else { return };
        self.by_routing_id.remove(client.routing_id());
        self.free.push(id);
    }

    pub(in crate::core) fn count(&self) -> usize {
        self.by_routing_id.len()
    }

    pub(in crate::core) fn iter(&self) -> impl Iterator<Item = (ClientId, &Client)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(slot, client)| Some((ClientId(slot as u32), client.as_ref()?)))
    }

    pub(in crate::core) fn iter_mut(&mut self) -> impl Iterator<Item = (ClientId, &mut Client)> {
        let slots = self.slots.iter_mut().enumerate();
        slots.filter_map(|(slot, client)| Some((ClientId(slot as u32), client.as_mut()?)))
    }
}
