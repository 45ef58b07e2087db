"""The hub of the test, in Python: hub.py NAME ...

Prints its port as the first line; ends when all participants have done everything.
"""

import sys

import zgossip
from network import tuples_of

names = sys.argv[1:]
left, missing, ready = set(names), {name: tuples_of(name) for name in names}, set()

with zgossip.Node("hub") as hub:
    for key, value in (tuples_of("hub") | {f"hub/for/{name}": "wait" for name in names}).items():
        hub.publish(key, value)
    print(hub.bind("tcp://127.0.0.1:*"), flush=True)
    for event in hub.events():
        name, _, what = event.key.partition("/")
        if name not in missing:
            continue
        if missing[name].get(event.key) == event.value:
            del missing[name][event.key]
        if what == "state" and event.value == "ready":
            ready.add(name)
        if name in ready and not missing[name]:
            ready.remove(name)
            hub.publish(f"hub/for/{name}", "go")
        if what == "state" and event.value == "changed":
            hub.publish(f"hub/for/{name}", "bye")
            left.remove(name)
        if not left:
            break
    # The last "bye" has still to be taken by its participant, which ends the hub's input.
    sys.stdin.read()
