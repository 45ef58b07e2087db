"""Decentralised configuration, discovery and presence: gossip nodes over ZeroMQ.

    import zgossip

    with zgossip.Node("myname") as node:
        node.connect("tcp://other.example:5670")
        node.publish("key", "value")
        for event in node.events():
            print(event.type, event.key, event.value)

Programs that use asyncio take ``zgossip.asyncio.Node`` instead.

Keys and values are bytes to the network and ``str`` here: UTF-8, in which what is not valid comes and
goes unchanged by way of ``surrogateescape``, as with file names. ``bytes`` are taken as well.

Nodes may be used by several threads. After a fork, the nodes of the parent answer EndedError in the child.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from . import _native
from ._errors import (
    BAD_ARGUMENT,
    ENDED,
    NO_RESOURCES,
    REFUSED,
    BadArgumentError,
    EndedError,
    Error,
    NoResourcesError,
    RefusedError,
)
from ._event import Event
from ._native import new_keys, version

__all__ = [
    "BAD_ARGUMENT",
    "ENDED",
    "NO_RESOURCES",
    "REFUSED",
    "BadArgumentError",
    "EndedError",
    "Error",
    "Event",
    "NoResourcesError",
    "Node",
    "RefusedError",
    "new_keys",
    "version",
]


class Node(_native.Node):
    __doc__ = _native.Node.__doc__

    def __enter__(self) -> Node:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def recv(self, timeout: float | None = None) -> Event | None:
        """The next event, or None if none comes in that many seconds. Ctrl-C ends the wait."""
        if timeout is None:
            while True:
                told = self._receive(-1)
                if told:
                    return Event._make(told)
        deadline = time.monotonic() + timeout
        while True:
            left = max(0.0, deadline - time.monotonic())
            told = self._receive(left)
            if told:
                return Event._make(told)
            if not left:
                return None

    def events(self) -> Iterator[Event]:
        """The events, for ever: until the node is closed."""
        try:
            while True:
                told = self._receive(-1)
                if told:
                    yield Event._make(told)
        except EndedError:
            if not self.closed:
                raise
