"""Participants in Python, all in one process: see examples/run.

participant.py ENDPOINT NAME,NAME... PEER ...
"""

import asyncio
import sys

import zgossip
from network import tuples_of
from zgossip.asyncio import Node


async def participate(endpoint: str, name: str, everything: dict[str, str]) -> None:
    async with Node(name) as node:
        node.connect(endpoint)
        for key, value in tuples_of(name).items():
            node.publish(key, value)
        missing, joined, ready = dict(everything), False, False
        async for event in node.events():
            joined = joined or event.type == "joined"
            if missing.get(event.key) == event.value:
                del missing[event.key]
            if joined and not missing and not ready:
                ready = True
                check_held(node, everything)
                node.publish(f"{name}/state", "ready")
            if event.key == f"hub/for/{name}" and event.value == "go":
                node.publish(f"{name}/state", b"changed")
            if event.key == f"hub/for/{name}" and event.value == "bye":
                break
    print(name, "left")


def check_held(node: Node, everything: dict[str, str]) -> None:
    """Everything was told as an event; the node must say the same when it is asked."""
    held = node.tuples()
    assert {key: held[key] for key in everything} == everything
    assert all(node.get(key) == value for key, value in everything.items())
    assert node.get("nobody") is None and node.get("nobody", "x") == "x"
    assert len(node) >= len(everything)


def check_errors() -> None:
    node = zgossip.Node("errors")
    for code, call in (
        (zgossip.REFUSED, lambda: node.bind("nonsense")),
        (zgossip.BAD_ARGUMENT, lambda: node.publish("k" * 256, "v")),
        (zgossip.BAD_ARGUMENT, lambda: node.publish("k", "v\0")),
        (zgossip.ENDED, lambda: node.close() or len(node)),
    ):
        try:
            call()
        except zgossip.Error as error:
            assert error.code == code and str(error), (error.code, error)
        else:
            raise AssertionError(f"no error {code}")
    assert list(node.events()) == []


async def main(endpoint: str, names: list[str], peers: list[str]) -> None:
    check_errors()
    everything = tuples_of("hub", *names, *peers)
    await asyncio.gather(*(participate(endpoint, name, everything) for name in names))


asyncio.run(main(sys.argv[1], sys.argv[2].split(","), sys.argv[3:]))
