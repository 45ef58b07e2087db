"""Nodes for programs that use asyncio: what waits is awaited.

    from zgossip.asyncio import Node

    async with Node("myname") as node:
        node.connect("tcp://other.example:5670")
        node.publish("key", "value")
        async for event in node.events():
            print(event.type, event.key, event.value)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

from . import _native
from ._errors import EndedError
from ._event import Event

__all__ = ["Event", "Node"]

# A task that always finds an event lets the others run after so many.
_TURN = 100


class Node(_native.Node):
    __doc__ = f"""{_native.Node.__doc__}
    Its events may be awaited by several tasks of one event loop, and its other calls, which do not wait,
    be made by any thread. It is closed from the loop's thread.
    """

    def __init__(
        self, name: str = "", *, log: Literal["process", "events", "off"] = "process", verbose: bool = False
    ) -> None:
        super().__init__()
        # Tasks that wait, and the descriptor that each of them watches.
        self._waiters: dict[asyncio.Future[None], int] = {}
        self._turn = 0

    async def __aenter__(self) -> Node:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the network. Iterations over events end; other calls raise EndedError. May be called again."""
        # The loop must not watch a descriptor that may soon be somebody else's.
        for waiter, descriptor in self._waiters.items():
            waiter.get_loop().remove_reader(descriptor)
            _finish(waiter)
        super().close()

    async def recv(self, timeout: float | None = None) -> Event | None:
        """The next event, or None if none comes in that many seconds. No event is lost if it is cancelled."""
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        while True:
            self._turn = (self._turn + 1) % _TURN
            if not self._turn:
                await asyncio.sleep(0)
            told = self._receive(0)
            if told:
                return Event._make(told)
            if deadline is not None and loop.time() >= deadline:
                return None
            await self._readable(deadline)

    async def flush(self, timeout: float | None = None) -> int:  # type: ignore[override]
        """As Node.flush, in a thread."""
        return await asyncio.to_thread(super().flush, timeout)

    async def events(self) -> AsyncIterator[Event]:
        """The events, for ever: until the node is closed."""
        try:
            while True:
                event = await self.recv()
                if event:
                    yield event
        except EndedError:
            if not self.closed:
                raise

    async def _readable(self, deadline: float | None) -> None:
        """Wait until there may be an event, the node is closed or the loop's clock is at the deadline."""
        loop = asyncio.get_running_loop()
        descriptor, waiter = self.fileno(), loop.create_future()
        self._waiters[waiter] = descriptor
        # One reader for all who wait: to add it again is to replace it by itself.
        loop.add_reader(descriptor, self._wake)
        alarm = None if deadline is None else loop.call_at(deadline, _finish, waiter)
        try:
            await waiter
        finally:
            if alarm:
                alarm.cancel()
            del self._waiters[waiter]
            if not self.closed and not self._waiters:
                loop.remove_reader(descriptor)

    def _wake(self) -> None:
        for waiter in self._waiters:
            _finish(waiter)


def _finish(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
