"""What can go wrong: a class for each code of zgossip_node.h that can come to a program in Python."""

from __future__ import annotations

BAD_ARGUMENT, REFUSED, ENDED, NO_RESOURCES = -1, -2, -6, -7


class Error(Exception):
    """What the library says is wrong: a code, such as REFUSED, and a text. Each code has a subclass."""

    code: int = 0


class BadArgumentError(Error, ValueError):
    """An argument that no node can take, such as a key of 256 bytes."""

    code = BAD_ARGUMENT


class RefusedError(Error):
    """What was asked for cannot be done, such as to bind to an address in use."""

    code = REFUSED


class EndedError(Error):
    """The node is closed, or the process is a fork of the one that made it."""

    code = ENDED


class NoResourcesError(Error):
    """No descriptors, threads or memory are left."""

    code = NO_RESOURCES
