"""Join a network, publish a tuple, watch what changes, leave on Ctrl-C.

    python3 watch.py tcp://127.0.0.1:5670 key value
"""

import asyncio
import sys

from zgossip.asyncio import Node


async def main(endpoint: str, key: str, value: str) -> None:
    async with Node("watch") as node:
        node.connect(endpoint)
        node.publish(key, value)
        async for event in node.events():
            if event.type == "tuple":
                print(event.key, "=", event.value, flush=True)


try:
    asyncio.run(main(*sys.argv[1:]))
except KeyboardInterrupt:
    pass
