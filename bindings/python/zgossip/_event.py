"""What happens to a node."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """What happened.

    "tuple": it is new or has a new value.
    "joined": the server at the endpoint that is the key has told all that it holds, before this.
    "log": a line for the log, with its level as the key.
    """

    type: str
    key: str
    value: str
