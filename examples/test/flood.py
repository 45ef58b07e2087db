"""asyncio: 100,000 events, none lost and none twice; then a loop that has nothing to do does nothing.

Processor time is measured, not time: a busy machine changes nothing.
"""

import asyncio
import resource
import threading
import time

from zgossip.asyncio import Node

EVENTS = 100_000
IDLE = 3.0  # seconds
MOST = 0.3  # of processor time in them, for all threads; a loop that spins takes all it gets


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main() -> None:
    hub, leaf = Node("hub"), Node("leaf")
    leaf.connect(f"tcp://127.0.0.1:{hub.bind('tcp://127.0.0.1:*')}")

    def publish() -> None:
        for number in range(EVENTS):
            hub.publish(f"key/{number}", str(number))

    writer, started = threading.Thread(target=publish), time.monotonic()
    writer.start()
    seen, ticks = set(), 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    async for event in leaf.events():
        if event.type != "tuple":
            continue
        assert event.key == f"key/{event.value}" and event.key not in seen, event
        seen.add(event.key)
        if len(seen) == EVENTS:
            break
    writer.join()
    print(f"{EVENTS} events in {time.monotonic() - started:.1f} s")
    assert ticks > 1, "other tasks had no turn meanwhile"
    ticking.cancel()

    before, turns = used(), 0

    async def watch() -> None:
        nonlocal turns
        async for _ in leaf.events():
            turns += 1

    watching = asyncio.create_task(watch())
    await asyncio.sleep(IDLE)
    spent = used() - before
    print(f"idle for {IDLE} s: {spent * 1000:.0f} ms of processor time, {turns} events")
    assert spent < MOST, "the idle loop is busy"
    leaf.close()
    await asyncio.wait_for(watching, 60)
    hub.close()


asyncio.run(main())
