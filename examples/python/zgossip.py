"""Gossip nodes over libzgossip, with nothing but the standard library.

    import zgossip

    with zgossip.Node("myname") as node:
        node.connect("tcp://other.example:5670")
        node.publish("key", "value")
        for event in node:
            print(event.type, event.key, event.value)

and in an asyncio program ``async for event in node``.

Keys and values are bytes to the network and ``str`` here: UTF-8, in which what is not valid comes and
goes unchanged by way of ``surrogateescape``, as with file names. ``bytes`` are taken as well.

The library is libzgossip.so.1, or the file that the environment variable ZGOSSIP_LIBRARY names.
Nodes may be used by several threads; see include/zgossip_node.h for what each call means.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from collections.abc import AsyncIterator, Iterator
from typing import Literal, NamedTuple, Union

__all__ = ["Error", "Event", "Node", "new_keys", "version"]

Text = Union[str, bytes]

BAD_ARGUMENT, REFUSED, NOT_FOUND, TIMED_OUT, INTERRUPTED, ENDED, NO_RESOURCES, INTERNAL = range(-1, -9, -1)

_LOG = {"process": 0, "events": 1, "off": 2}
_VERBOSE = 4
_TYPES = {1: "tuple", 2: "log", 3: "joined"}
# An asyncio task that always finds an event lets the others run after so many.
_TURN = 100


class Error(Exception):
    """What the library says is wrong: a code, such as REFUSED, and a text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Event(NamedTuple):
    """What happened.

    "tuple": it is new or has a new value.
    "joined": the server at the endpoint that is the key has told all that it holds, before this.
    "log": a line for the log, with its level as the key.
    """

    type: str
    key: str
    value: str


class Node:
    """A gossip node, running on a thread of the library until it is closed.

    log: where the node says what goes wrong: "process" (standard error, or CZMQ's log), "events" or "off".
    verbose: log every step.
    """

    def __init__(
        self, name: str = "", *, log: Literal["process", "events", "off"] = "process", verbose: bool = False
    ) -> None:
        options = _LOG[log] | (_VERBOSE if verbose else 0)
        self._node = _lib.zgossip_node_new(_c_string(name), options)
        if not self._node:
            raise _last_error()
        self._waiters: set[asyncio.Future[None]] = set()
        self._turn = 0

    def __enter__(self) -> Node:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_node", None):
            self.close()

    def close(self) -> None:
        """Leave the network. Iterations over this node end; other calls raise an Error of code ENDED.

        Where asyncio tasks wait for events, to be called from their loop's thread.
        """
        node, self._node = self._node, None
        for waiter in self._waiters:
            waiter.get_loop().remove_reader(_lib.zgossip_node_fd(node))
            if not waiter.done():
                waiter.set_result(None)
        _check(_lib.zgossip_node_destroy(ctypes.byref(ctypes.c_void_p(node))))

    def bind(self, endpoint: str) -> int:
        """Accept other nodes at an endpoint; the TCP port, or 0."""
        return _check(_lib.zgossip_node_bind(self._open(), _c_string(endpoint)))

    def connect(self, endpoint: str, server_key: str | None = None) -> None:
        """Join the node that is bound there, now or whenever it will be; encrypted if its key is given."""
        key = None if server_key is None else _c_string(server_key)
        _check(_lib.zgossip_node_connect(self._open(), _c_string(endpoint), key))

    def disconnect(self, endpoint: str) -> None:
        """Leave the node that was named to connect."""
        _check(_lib.zgossip_node_disconnect(self._open(), _c_string(endpoint)))

    def publish(self, key: Text, value: Text) -> None:
        """Tell the network a tuple."""
        k, v = _bytes(key), _bytes(value)
        _check(_lib.zgossip_node_publish(self._open(), k, len(k), v, len(v), 0))

    def unpublish(self, key: Text) -> None:
        """Forget a tuple, in this node only."""
        k = _bytes(key)
        _check(_lib.zgossip_node_unpublish(self._open(), k, len(k)))

    def get(self, key: Text, default: str | None = None) -> str | None:
        """The value of a key, or the default where the node holds no such tuple."""
        k, capacity = _bytes(key), 256
        while True:
            buffer = ctypes.create_string_buffer(capacity)
            size = _lib.zgossip_node_get(self._open(), k, len(k), buffer, capacity)
            if size == NOT_FOUND:
                return default
            if _check(size) <= capacity:
                return _str(buffer.raw[:size])
            capacity = size

    def size(self) -> int:
        """How many tuples the node holds."""
        return _check(_lib.zgossip_node_size(self._open()))

    def tuples(self) -> dict[str, str]:
        """All tuples that the node holds at this moment, in the order of their last change."""
        tuples = _lib.zgossip_node_snapshot(self._open())
        if not tuples:
            raise _last_error()
        try:
            found = {}
            while _lib.zgossip_tuples_next(tuples) > 0:
                key = _text(_lib.zgossip_tuples_key, tuples)
                found[key] = _text(_lib.zgossip_tuples_value, tuples)
            return found
        finally:
            _lib.zgossip_tuples_destroy(ctypes.byref(ctypes.c_void_p(tuples)))

    def recv(self, timeout: float | None = None) -> Event | None:
        """The next event, or None if none comes in that many seconds. Ctrl-C ends the wait."""
        deadline = None if timeout is None else time.monotonic() + timeout
        event = ctypes.c_void_p()
        while True:
            left = -1
            if deadline is not None:
                # Rounded up, so as not to come back too early; and no more than a C int.
                left = min(max(0, -int(-(deadline - time.monotonic()) * 1000 // 1)), 2**31 - 1)
            code = _lib.zgossip_node_recv(self._open(), left, ctypes.byref(event))
            if code == 0:
                return _taken(event)
            if code == TIMED_OUT and (deadline is not None and time.monotonic() >= deadline):
                return None
            if code not in (TIMED_OUT, INTERRUPTED):
                raise _last_error()

    def __iter__(self) -> Iterator[Event]:
        """The events, for ever: until the node is closed."""
        while self._node:
            try:
                event = self.recv()
            except Error as error:
                if error.code == ENDED:
                    return
                raise
            if event:
                yield event

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while self._node:
            self._turn = (self._turn + 1) % _TURN
            if not self._turn:
                await asyncio.sleep(0)
                continue
            event = self.recv(0)
            if event:
                return event
            await self._readable()
        raise StopAsyncIteration

    async def _readable(self) -> None:
        """Wait until there may be an event, or the node is closed."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiters.add(waiter)
        # One reader for all who wait: to add it again is to replace it by itself.
        loop.add_reader(self.fileno(), self._wake)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
            if self._node and not self._waiters:
                loop.remove_reader(self.fileno())

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def fileno(self) -> int:
        """A descriptor that is readable while events wait, for select and the like."""
        return _check(_lib.zgossip_node_fd(self._open()))

    def set(self, path: str, value: str) -> None:
        """Set one item of the configuration, such as "server/verbose"."""
        _check(_lib.zgossip_node_set(self._open(), _c_string(path), _c_string(value)))

    def load(self, file: str) -> None:
        """Take the configuration from a file, and again whenever it changes."""
        _check(_lib.zgossip_node_load(self._open(), _c_string(file)))

    def save(self, file: str) -> None:
        """Write the configuration to a file."""
        _check(_lib.zgossip_node_save(self._open(), _c_string(file)))

    def set_keys(self, public_key: str, secret_key: str) -> None:
        """Encrypt, with these keys as this node's own; before bind and connect. See new_keys."""
        _check(_lib.zgossip_node_set_keys(self._open(), _c_string(public_key), _c_string(secret_key)))

    def set_zap_domain(self, domain: str) -> None:
        """The domain under which a ZAP handler is asked about clients; before bind."""
        _check(_lib.zgossip_node_set_zap_domain(self._open(), _c_string(domain)))

    def _open(self) -> int:
        if not self._node:
            raise Error(ENDED, "the node is closed")
        return self._node


def new_keys() -> tuple[str, str]:
    """A new pair of CURVE keys: the public one, the secret one."""
    public_key, secret_key = ctypes.create_string_buffer(41), ctypes.create_string_buffer(41)
    _check(_lib.zgossip_new_keys(public_key, secret_key))
    return public_key.value.decode(), secret_key.value.decode()


def version() -> str:
    """Which library this is."""
    return _lib.zgossip_version().decode()


def _bytes(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _str(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _c_string(text: str) -> bytes:
    if "\0" in text:
        raise ValueError("embedded null character")
    return _bytes(text)


def _last_error() -> Error:
    return Error(_lib.zgossip_error_code(), _str(_lib.zgossip_error_text()))


def _check(result: int) -> int:
    if result < 0:
        raise _last_error()
    return result


def _text(function: ctypes._NamedFuncPointer, of: int | ctypes.c_void_p) -> str:
    size = ctypes.c_size_t()
    return _str(ctypes.string_at(function(of, ctypes.byref(size)), size.value))


def _taken(event: ctypes.c_void_p) -> Event:
    try:
        kind = _lib.zgossip_event_type(event)
        return Event(_TYPES.get(kind, str(kind)), _text(_lib.zgossip_event_key, event), _text(_lib.zgossip_event_value, event))
    finally:
        _lib.zgossip_event_destroy(ctypes.byref(event))


def _load() -> ctypes.CDLL:
    """The library, with the type of every function, so that no pointer is cut to an int."""
    lib = ctypes.CDLL(os.environ.get("ZGOSSIP_LIBRARY", "libzgossip.so.1"))
    pointer, string, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
    number, long, options = ctypes.c_int, ctypes.c_int64, ctypes.c_uint32
    types = {
        "node_new": (pointer, string, options),
        "node_destroy": (number, pointer),
        "node_bind": (number, pointer, string),
        "node_connect": (number, pointer, string, string),
        "node_disconnect": (number, pointer, string),
        "node_publish": (number, pointer, string, size, string, size, options),
        "node_unpublish": (number, pointer, string, size),
        "node_get": (long, pointer, string, size, pointer, size),
        "node_size": (long, pointer),
        "node_snapshot": (pointer, pointer),
        "node_recv": (number, pointer, number, pointer),
        "node_fd": (number, pointer),
        "node_set": (number, pointer, string, string),
        "node_load": (number, pointer, string),
        "node_save": (number, pointer, string),
        "node_set_keys": (number, pointer, string, string),
        "node_set_zap_domain": (number, pointer, string),
        "new_keys": (number, pointer, pointer),
        "event_type": (number, pointer),
        "event_key": (pointer, pointer, pointer),
        "event_value": (pointer, pointer, pointer),
        "event_destroy": (number, pointer),
        "tuples_next": (number, pointer),
        "tuples_key": (pointer, pointer, pointer),
        "tuples_value": (pointer, pointer, pointer),
        "tuples_destroy": (number, pointer),
        "error_code": (number,),
        "error_text": (string,),
        "version": (string,),
    }
    for name, (result, *arguments) in types.items():
        function = getattr(lib, "zgossip_" + name)
        function.restype, function.argtypes = result, arguments
    return lib


_lib = _load()
