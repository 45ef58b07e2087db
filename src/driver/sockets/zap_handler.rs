//! The ZAP handler of a process that has no other: it says who may come in, for all nodes of the process that have
//! a list of those who may.
//!
//! A context has room for one handler. The first node that wants one has it, and when that node ends another
//! takes its place. The lists are therefore kept for the whole process.

use crate::core::Admission;
use crate::driver::ffi::{Message, Owned, SocketFactory, ZmqError};
use crate::driver::reason::Reason;
use crate::driver::undivided;
use crate::wire::{MAX_ZAP_FRAMES, ZapRequest};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where libzmq looks for a handler.
const ENDPOINT: &[u8] = b"inproc://zeromq.zap.01";

/// What the nodes of this process share.
struct Shared {
    /// The lists of all nodes that have one.
    lists: Vec<Arc<Admission>>,
    /// The contexts in which one of our handlers answers.
    answered: Vec<usize>,
}

static SHARED: Mutex<Shared> = Mutex::new(Shared { lists: Vec::new(), answered: Vec::new() });

fn with_shared<T>(code: impl FnOnce(&mut Shared) -> T) -> T {
    undivided(|| {
        let mut shared: MutexGuard<'_, Shared> =
            SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        code(&mut shared)
    })
}

/// A node's list, known to the handlers for as long as this lives.
pub(crate) struct Listed(Arc<Admission>);

impl Listed {
    pub(crate) fn new(admission: Admission) -> Listed {
        let list = Arc::new(admission);
        with_shared(|shared| shared.lists.push(Arc::clone(&list)));
        Listed(list)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        with_shared(|shared| shared.lists.retain(|list| !Arc::ptr_eq(list, &self.0)));
    }
}

/// Who answers in a context.
pub(crate) enum Answerer {
    /// The handler that has just been made.
    This(ZapHandler),
    /// The one of another of our nodes.
    OurNode,
    /// One that is not ours.
    Foreign,
}

/// The handler of one context.
pub(crate) struct ZapHandler {
    socket: Owned,
    context: usize,
}

impl ZapHandler {
    /// Answer in this context, unless somebody does so already.
    pub(crate) fn start(factory: &SocketFactory) -> Result<Answerer, Reason> {
        let context = factory.context();
        if with_shared(|shared| shared.answered.contains(&context)) {
            return Ok(Answerer::OurNode);
        }
        let socket = factory.new_socket(zmq::REP)?;
        with_shared(|shared| {
            if shared.answered.contains(&context) {
                return Ok(Answerer::OurNode);
            }
            match socket.bind(ENDPOINT) {
                Ok(()) => {
                    shared.answered.push(context);
                    Ok(Answerer::This(ZapHandler { socket, context }))
                }
                Err(ZmqError::IN_USE) => Ok(Answerer::Foreign),
                Err(error) => Err(error.into()),
            }
        })
    }

    pub(crate) fn socket(&self) -> &Owned {
        &self.socket
    }

    /// Answer the next request: None where there is none, else the address of the client if it is turned
    /// away.
    pub(crate) fn answer(&self) -> Result<Option<Option<Vec<u8>>>, ZmqError> {
        let frames = self.receive()?;
        if frames.is_empty() {
            return Ok(None);
        }
        let frames: Vec<&[u8]> = frames.iter().map(Message::bytes).collect();
        let request = ZapRequest::read(&frames);
        let admitted = request.is_some_and(|request| {
            with_shared(|shared| shared.lists.iter().any(|list| list.admits(&request)))
        });
        let id = request.map_or(&b""[..], |request| request.id);
        let reply = ZapRequest::reply(id, admitted);
        for (place, frame) in reply.iter().enumerate() {
            self.socket.send_bytes(frame, place + 1 < reply.len())?;
        }
        let address = request.map_or(&b"?"[..], |request| request.address);
        Ok(Some((!admitted).then(|| address.to_vec())))
    }

    /// The frames of the next request; of one that is none, only the first.
    fn receive(&self) -> Result<Vec<Message>, ZmqError> {
        let mut frames = Vec::new();
        loop {
            let mut frame = Message::new();
            if !self.socket.receive(&mut frame)? {
                return Ok(frames);
            }
            let more = frame.more();
            if frames.len() < MAX_ZAP_FRAMES {
                frames.push(frame);
            }
            if !more {
                return Ok(frames);
            }
        }
    }
}

impl Drop for ZapHandler {
    fn drop(&mut self) {
        with_shared(|shared| {
            // At once: closing the socket frees the endpoint only later.
            let _ = self.socket.unbind(ENDPOINT);
            shared.answered.retain(|context| *context != self.context);
        });
    }
}
