'use strict';
// The thread that waits for descriptors on behalf of zgossip.js: each time it is asked to, once.

const { parentPort, workerData } = require ('worker_threads');
const koffi = require ('koffi');

const epollWait = koffi.load (null).func (
    'int epoll_wait (int epoll, _Out_ uint8_t *events, int count, int timeout)');
const event = Buffer.alloc (16);
const { epoll, shared } = workerData;

Atomics.store (shared, 1, 1);
Atomics.notify (shared, 1);
for (;;) {
    Atomics.wait (shared, 0, 0);
    Atomics.store (shared, 0, 0);
    epollWait (epoll, event, 1, -1);
    parentPort.postMessage (null);
}
