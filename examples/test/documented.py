"""Everything public of zgossip.py has documentation and annotations that resolve."""

import inspect
import typing

import zgossip

things = [getattr(zgossip, name) for name in zgossip.__all__]
things += [member for name, member in vars(zgossip.Node).items() if callable(member) and name[0] != "_"]
assert len(things) > 15
for thing in things:
    assert thing.__doc__, f"{thing.__qualname__} has no documentation"
    if inspect.isfunction(thing):
        hints = typing.get_type_hints(thing)
        wanted = set(inspect.signature(thing).parameters) - {"self"} | {"return"}
        assert set(hints) == wanted, f"{thing.__qualname__}: {wanted - set(hints)}"
