"""private.py LIBCZMQ LIBZGOSSIP - the same as private.c from Python, whose ctypes loads privately."""

import ctypes
import signal
import sys

signal.alarm(20)
czmq = ctypes.CDLL(sys.argv[1])
gossip = ctypes.CDLL(sys.argv[2])
czmq.zactor_new.restype = ctypes.c_void_p
gossip.zgossip_version.restype = ctypes.c_char_p


def new(name):
    node = czmq.zactor_new(gossip.zgossip, name)
    assert node, "no actor"
    return ctypes.c_void_p(node)


def send(node, *words):
    # The list of a function with a variable number of arguments ends with NULL.
    assert czmq.zstr_sendx(node, *words, None) == 0


def receive(node, count):
    words = [ctypes.c_char_p() for _ in range(count)]
    assert czmq.zstr_recvx(node, *map(ctypes.byref, words), None) == count
    return [word.value for word in words]


def destroy(node):
    czmq.zactor_destroy(ctypes.byref(node))


hub, leaf = new(b"hub"), new(b"leaf")
send(hub, b"BIND", b"tcp://127.0.0.1:*")
send(hub, b"PORT")
command, port = receive(hub, 2)
assert command == b"PORT", command
send(leaf, b"CONNECT", b"tcp://127.0.0.1:" + port)
send(leaf, b"PUBLISH", b"from-leaf", b"two")
assert receive(hub, 3) == [b"DELIVER", b"from-leaf", b"two"]
destroy(leaf)
destroy(hub)

version = gossip.zgossip_version().decode()
assert version.startswith("libzgossip ") and "not in use" not in version, version
print("python", sys.version.split()[0] + ",", version)
