'use strict';
/*
 * Gossip nodes over libzgossip, by way of koffi.
 *
 *     const { Node } = require ('./zgossip');
 *
 *     const node = new Node ('myname');
 *     node.connect ('tcp://other.example:5670');
 *     node.publish ('key', 'value');
 *     for await (const event of node)
 *         console.log (event.type, event.key, event.value);
 *
 * Keys and values are bytes to the network and strings here: UTF-8, in which bytes that are not valid
 * become U+FFFD; `event.bytes` and `getBytes` have the value as it came. Strings and Buffers are taken.
 *
 * The library is libzgossip.so.1, or the file that the environment variable ZGOSSIP_LIBRARY names.
 *
 * Waiting. Node.js has no way to watch a descriptor that is not its own, and an asynchronous call that
 * waits holds one of the four threads that files and names are looked up with. So the nodes that
 * somebody waits for are in one epoll set, and one worker thread waits for that: it keeps the process
 * alive as a timer would, and costs nothing while nothing happens. (Nor do asynchronous calls of koffi
 * 3.3.4 survive process.exit () while they wait: the heap is corrupted.)
 */

const path = require ('path');
const { Worker } = require ('worker_threads');
const koffi = require ('koffi');

const lib = koffi.load (process.env.ZGOSSIP_LIBRARY || 'libzgossip.so.1');
const libc = koffi.load (null);

const STRING_BYTES = 'const uint8_t *';
const c = {
    new: lib.func ('void *zgossip_node_new (const char *name, uint32_t options)'),
    destroy: lib.func ('int zgossip_node_destroy (void **self_p)'),
    bind: lib.func ('int zgossip_node_bind (void *self, const char *endpoint)'),
    connect: lib.func ('int zgossip_node_connect (void *self, const char *endpoint, const char *key)'),
    disconnect: lib.func ('int zgossip_node_disconnect (void *self, const char *endpoint)'),
    publish: lib.func (`int zgossip_node_publish (void *self, ${STRING_BYTES}key, size_t key_size,
                        ${STRING_BYTES}value, size_t value_size, uint32_t ttl)`),
    unpublish: lib.func (`int zgossip_node_unpublish (void *self, ${STRING_BYTES}key, size_t size)`),
    get: lib.func (`int64_t zgossip_node_get (void *self, ${STRING_BYTES}key, size_t key_size,
                    _Out_ uint8_t *buffer, size_t capacity)`),
    size: lib.func ('int64_t zgossip_node_size (void *self)'),
    snapshot: lib.func ('void *zgossip_node_snapshot (void *self)'),
    recv: lib.func ('int zgossip_node_recv (void *self, int timeout, _Out_ void **event_p)'),
    fd: lib.func ('int zgossip_node_fd (void *self)'),
    set: lib.func ('int zgossip_node_set (void *self, const char *path, const char *value)'),
    load: lib.func ('int zgossip_node_load (void *self, const char *file)'),
    save: lib.func ('int zgossip_node_save (void *self, const char *file)'),
    setKeys: lib.func ('int zgossip_node_set_keys (void *self, const char *public, const char *secret)'),
    allow: lib.func ('int zgossip_node_allow (void *self, const char *public)'),
    setZapDomain: lib.func ('int zgossip_node_set_zap_domain (void *self, const char *domain)'),
    newKeys: lib.func ('int zgossip_new_keys (_Out_ uint8_t *public, _Out_ uint8_t *secret)'),
    eventType: lib.func ('int zgossip_event_type (void *self)'),
    eventKey: lib.func ('void *zgossip_event_key (void *self, _Out_ size_t *size)'),
    eventValue: lib.func ('void *zgossip_event_value (void *self, _Out_ size_t *size)'),
    eventDestroy: lib.func ('int zgossip_event_destroy (void **self_p)'),
    tuplesNext: lib.func ('int zgossip_tuples_next (void *self)'),
    tuplesKey: lib.func ('void *zgossip_tuples_key (void *self, _Out_ size_t *size)'),
    tuplesValue: lib.func ('void *zgossip_tuples_value (void *self, _Out_ size_t *size)'),
    tuplesDestroy: lib.func ('int zgossip_tuples_destroy (void **self_p)'),
    errorCode: lib.func ('int zgossip_error_code ()'),
    errorText: lib.func ('const char *zgossip_error_text ()'),
    version: lib.func ('const char *zgossip_version ()'),
};
const os = {
    epollCreate: libc.func ('int epoll_create1 (int flags)'),
    epollControl: libc.func ('int epoll_ctl (int epoll, int operation, int fd, const uint8_t *event)'),
    eventfd: libc.func ('int eventfd (uint32_t value, int flags)'),
    eventfdWrite: libc.func ('int eventfd_write (int fd, uint64_t value)'),
    eventfdRead: libc.func ('int eventfd_read (int fd, _Out_ uint64_t *value)'),
};

const ERRORS = { BAD_ARGUMENT: -1, REFUSED: -2, NOT_FOUND: -3, TIMED_OUT: -4, INTERRUPTED: -5, ENDED: -6,
    NO_RESOURCES: -7, INTERNAL: -8 };
const LOG = { process: 0, events: 1, off: 2 };
const VERBOSE = 4;
const TYPES = { 1: 'tuple', 2: 'log', 3: 'joined' };

/** What the library says is wrong; `code` is the name of the error, such as 'REFUSED'. */
class GossipError extends Error {
    constructor (number, text) {
        super (text);
        this.name = 'GossipError';
        this.code = Object.keys (ERRORS).find (name => ERRORS [name] === number);
    }
}

function check (result) {
    if (result < 0)
        throw new GossipError (Number (result), c.errorText ());
    return Number (result);
}

function cString (text) {
    if (String (text).includes ('\0'))
        throw new TypeError ('a string with a NUL');
    return String (text);
}

/** The bytes of a string or Buffer, which must not be none: koffi has no address for an empty one. */
function bytes (text) {
    const found = Buffer.from (text);
    return [found.length? found: Buffer.alloc (1), found.length];
}

function read (getter, object) {
    const size = [0];
    const pointer = getter (object, size);
    // A view of memory that goes with the object: copied.
    return size [0]? Buffer.from (new Uint8Array (koffi.view (pointer, Number (size [0])))): Buffer.alloc (0);
}

/** The nodes that somebody waits for, and the thread that does. */
const waiting = {
    epoll: -1,
    bell: -1,
    poller: null,
    //  Whether the thread is asked to wait, and whether it has loaded what it waits with.
    shared: new Int32Array (new SharedArrayBuffer (8)),
    nodes: new Map (),
    busy: false,

    start () {
        this.epoll = os.epollCreate (0x80000);                  //  EPOLL_CLOEXEC
        this.bell = os.eventfd (0, 0x80800);                    //  EFD_CLOEXEC | EFD_NONBLOCK
        if (this.epoll < 0 || this.bell < 0)
            throw new GossipError (ERRORS.NO_RESOURCES, 'no descriptor left');
        this.watch (this.bell);
        this.poller = new Worker (path.join (__dirname, 'poller.js'),
            { workerData: { epoll: this.epoll, shared: this.shared } });
        this.poller.on ('message', () => this.woken ());
        this.poller.unref ();
        //  The end of the process waits for its threads. One that is ended while it still loads koffi
        //  aborts the process, so it is given the time to do so.
        process.on ('exit', () => {
            Atomics.wait (this.shared, 1, 0, 10000);
            this.ring ();
        });
    },

    watch (fd) {
        const event = Buffer.alloc (16);
        new Uint32Array (event.buffer, event.byteOffset, 1) [0] = 1;       //  EPOLLIN
        os.epollControl (this.epoll, 1, fd, event);             //  EPOLL_CTL_ADD
    },

    ring () {
        os.eventfdWrite (this.bell, 1);
    },

    /** Resolves when the node may have an event, or is closed. */
    readable (node) {
        if (!this.poller)
            this.start ();
        return new Promise (resolve => {
            if (!this.nodes.has (node)) {
                this.nodes.set (node, []);
                this.watch (node.fd);
            }
            this.nodes.get (node).push (resolve);
            this.poller.ref ();
            if (!this.busy) {
                this.busy = true;
                Atomics.store (this.shared, 0, 1);
                Atomics.notify (this.shared, 0);
            }
        });
    },

    woken () {
        this.busy = false;
        os.eventfdRead (this.bell, [0]);
        //  Which one it was does not matter: those that have nothing wait again.
        for (const node of [...this.nodes.keys ()])
            this.forget (node);
    },

    forget (node) {
        const resolves = this.nodes.get (node);
        if (!resolves)
            return;
        this.nodes.delete (node);
        os.epollControl (this.epoll, 2, node.fd, null);         //  EPOLL_CTL_DEL
        resolves.forEach (resolve => resolve ());
        if (!this.nodes.size) {
            this.poller.unref ();
            if (this.busy)
                this.ring ();
        }
    },
};

class Node {
    #self;
    #turn = 0;

    /**
     * A gossip node, running on a thread of the library until it is closed.
     * @param {string} [name] for the log
     * @param {{log?: 'process' | 'events' | 'off', verbose?: boolean}} [options]
     */
    constructor (name = '', { log = 'process', verbose = false } = {}) {
        this.#self = c.new (cString (name), LOG [log] | (verbose? VERBOSE: 0));
        if (!this.#self)
            throw new GossipError (c.errorCode (), c.errorText ());
        this.fd = check (c.fd (this.#self));
    }

    get #open () {
        if (!this.#self)
            throw new GossipError (ERRORS.ENDED, 'the node is closed');
        return this.#self;
    }

    /** Leave the network. Iterations over this node end. */
    close () {
        if (!this.#self)
            return;
        const self = this.#self;
        this.#self = null;
        waiting.forget (this);
        check (c.destroy ([self]));
    }

    /** Accept other nodes at an endpoint; the TCP port, or 0. */
    bind (endpoint) {
        return check (c.bind (this.#open, cString (endpoint)));
    }

    /** Join the node that is bound there, now or whenever it will be; encrypted if its key is given. */
    connect (endpoint, serverKey = null) {
        check (c.connect (this.#open, cString (endpoint), serverKey === null? null: cString (serverKey)));
    }

    /** Leave the node that was named to connect. */
    disconnect (endpoint) {
        check (c.disconnect (this.#open, cString (endpoint)));
    }

    /** Tell the network a tuple. */
    publish (key, value) {
        check (c.publish (this.#open, ...bytes (key), ...bytes (value), 0));
    }

    /** Forget a tuple, in this node only. */
    unpublish (key) {
        check (c.unpublish (this.#open, ...bytes (key)));
    }

    /** The value of a key as a Buffer; undefined where the node holds no such tuple. */
    getBytes (key) {
        for (let capacity = 256; ;) {
            const buffer = Buffer.alloc (capacity);
            const size = Number (c.get (this.#open, ...bytes (key), buffer, capacity));
            if (size === ERRORS.NOT_FOUND)
                return undefined;
            if (check (size) <= capacity)
                return buffer.subarray (0, size);
            capacity = size;
        }
    }

    /** The value of a key; undefined where the node holds no such tuple. */
    get (key) {
        return this.getBytes (key)?.toString ();
    }

    /** How many tuples the node holds. */
    get size () {
        return check (c.size (this.#open));
    }

    /** All tuples that the node holds at this moment, in the order of their last change: a Map. */
    tuples () {
        const tuples = c.snapshot (this.#open);
        if (!tuples)
            throw new GossipError (c.errorCode (), c.errorText ());
        try {
            const found = new Map ();
            while (c.tuplesNext (tuples) > 0)
                found.set (read (c.tuplesKey, tuples).toString (), read (c.tuplesValue, tuples).toString ());
            return found;
        } finally {
            c.tuplesDestroy ([tuples]);
        }
    }

    /** The next event if one is there; undefined otherwise. */
    poll () {
        const event_p = [null];
        const code = c.recv (this.#open, 0, event_p);
        if (code === ERRORS.TIMED_OUT || code === ERRORS.INTERRUPTED)
            return undefined;
        check (code);
        try {
            const event = event_p [0];
            const type = c.eventType (event);
            const value = read (c.eventValue, event);
            return { type: TYPES [type] || String (type), key: read (c.eventKey, event).toString (),
                value: value.toString (), bytes: value };
        } finally {
            c.eventDestroy (event_p);
        }
    }

    /** The next event, awaited: {type, key, value, bytes}. undefined once the node is closed. */
    async next () {
        while (this.#self) {
            //  Whoever always finds an event lets others run now and then.
            if (++this.#turn % 100 === 0) {
                await new Promise (setImmediate);
                continue;
            }
            const event = this.poll ();
            if (event)
                return event;
            await waiting.readable (this);
        }
        return undefined;
    }

    /** The events, until the node is closed. */
    async * [Symbol.asyncIterator] () {
        for (let event; (event = await this.next ());)
            yield event;
    }

    /** Set one item of the configuration, such as 'server/verbose'. */
    set (path, value) {
        check (c.set (this.#open, cString (path), cString (value)));
    }

    /** Take the configuration from a file, and again whenever it changes. */
    load (file) {
        check (c.load (this.#open, cString (file)));
    }

    /** Write the configuration to a file. */
    save (file) {
        check (c.save (this.#open, cString (file)));
    }

    /** Encrypt, with these keys as this node's own; before bind and connect. See newKeys. */
    setKeys (publicKey, secretKey) {
        check (c.setKeys (this.#open, cString (publicKey), cString (secretKey)));
    }

    /** Let in the client with this public key, and nobody who is not allowed; before bind. */
    allow (publicKey) {
        check (c.allow (this.#open, cString (publicKey)));
    }

    /** The domain under which a ZAP handler is asked about clients; before bind. */
    setZapDomain (domain) {
        check (c.setZapDomain (this.#open, cString (domain)));
    }
}

/** A new pair of CURVE keys: {publicKey, secretKey}. */
function newKeys () {
    const [publicKey, secretKey] = [Buffer.alloc (41), Buffer.alloc (41)];
    check (c.newKeys (publicKey, secretKey));
    return { publicKey: publicKey.toString ('latin1', 0, 40), secretKey: secretKey.toString ('latin1', 0, 40) };
}

module.exports = { Node, GossipError, newKeys, version: () => c.version () };
