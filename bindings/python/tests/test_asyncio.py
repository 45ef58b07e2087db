"""Nodes of programs that use asyncio."""

from __future__ import annotations

import asyncio
import threading
import unittest

import zgossip
from zgossip.asyncio import Node

WAIT = 60  # seconds: a deadline for what takes milliseconds


class Events(unittest.IsolatedAsyncioTestCase):
    async def test_are_awaited(self) -> None:
        async with Node("hub") as hub, Node("leaf") as leaf:
            hub.publish("a", "1")
            leaf.connect(f"tcp://127.0.0.1:{hub.bind('tcp://127.0.0.1:*')}")
            seen = []
            async for event in leaf.events():
                seen.append(event.type)
                if event.type == "joined":
                    break
            self.assertEqual(seen, ["tuple", "joined"])

    async def test_a_time_that_passes_is_none(self) -> None:
        async with Node() as node:
            self.assertIsNone(await node.recv(0))
            self.assertIsNone(await node.recv(0.01))
            node.publish("a", "1")
            # The call that waits for an answer comes behind the one that does not.
            self.assertEqual(len(node), 1)
            self.assertEqual(await node.recv(0), ("tuple", "a", "1"))

    async def test_no_event_is_lost_when_a_wait_is_cancelled(self) -> None:
        async with Node() as node:
            seen: set[str] = set()

            def publish() -> None:
                for number in range(2000):
                    node.publish(f"key/{number}", "")

            writer = threading.Thread(target=publish)
            writer.start()
            while len(seen) < 2000:
                waiting = asyncio.ensure_future(node.recv(WAIT))
                await asyncio.wait([waiting], timeout=0)
                if not waiting.done():
                    waiting.cancel()
                    await asyncio.wait([waiting])
                if not waiting.cancelled():
                    event = waiting.result()
                    assert event
                    self.assertNotIn(event.key, seen)
                    seen.add(event.key)
            writer.join()

    async def test_end_with_close_for_every_task_that_waits(self) -> None:
        node = Node()

        async def count() -> int:
            return len([event async for event in node.events()])

        async def refused() -> None:
            with self.assertRaises(zgossip.EndedError):
                await node.recv()

        waiting = asyncio.gather(count(), count(), refused())
        await asyncio.sleep(0)
        node.close()
        self.assertEqual(await asyncio.wait_for(waiting, WAIT), [0, 0, None])
        self.assertTrue(node.closed)

    async def test_each_goes_to_one_task(self) -> None:
        async with Node() as node:
            seen: list[str] = []

            async def take() -> None:
                while len(seen) < 100:
                    event = await node.recv(0.05)
                    if event:
                        seen.append(event.key)

            for number in range(100):
                node.publish(f"key/{number:03}", "")
            await asyncio.wait_for(asyncio.gather(take(), take(), take()), WAIT)
            self.assertEqual(sorted(seen), [f"key/{number:03}" for number in range(100)])


if __name__ == "__main__":
    unittest.main()
