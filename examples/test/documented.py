"""Everything public of the package for Python has documentation; its types are checked by mypy."""

import zgossip
import zgossip.asyncio

things = [getattr(zgossip, name) for name in zgossip.__all__ if not name.isupper()]
for node in zgossip.Node, zgossip.asyncio.Node:
    things += [node] + [getattr(node, name) for name in dir(node) if name[0] != "_"]
assert len(things) > 40
for thing in things:
    assert thing.__doc__, f"{thing} has no documentation"
