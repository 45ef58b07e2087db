"""Nodes of blocking programs."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pathlib
import pickle
import signal
import tempfile
import threading
import unittest

import zgossip

WAIT = 60  # seconds: a deadline for what takes milliseconds


def child(answer: multiprocessing.queues.Queue[str], node: zgossip.Node) -> None:
    try:
        node.publish("key", "value")
        answer.put("published")
    except zgossip.EndedError:
        answer.put("ended")


class Tuples(unittest.TestCase):
    def setUp(self) -> None:
        self.node = zgossip.Node("node", log="off")
        self.addCleanup(self.node.close)

    def test_are_what_len_in_and_brackets_speak_of(self) -> None:
        self.assertEqual(len(self.node), 0)
        self.assertTrue(self.node)
        self.node.publish("a", "1")
        self.node.publish(b"b", bytearray(b"2"))
        self.node.publish(memoryview(b"c"), memoryview(b"3"))
        self.assertEqual((len(self.node), self.node["b"]), (3, "2"))
        self.assertIn("a", self.node)
        self.assertIn(b"a", self.node)
        self.assertNotIn("d", self.node)
        self.assertNotIn(7, self.node)
        self.assertEqual(sorted(self.node), ["a", "b", "c"])
        self.assertEqual(self.node.tuples(), {"a": "1", "b": "2", "c": "3"})
        with self.assertRaises(KeyError) as raised:
            self.node["d"]
        self.assertEqual(raised.exception.args, ("d",))

    def test_that_are_not_utf8_come_and_go_unchanged(self) -> None:
        self.node.publish(b"\xff", b"\x80\xfe")
        (key,) = self.node
        self.assertEqual(key.encode("utf-8", "surrogateescape"), b"\xff")
        self.node.publish(key, self.node[key] + "é")
        self.assertEqual(self.node[b"\xff"].encode("utf-8", "surrogateescape"), b"\x80\xfe\xc3\xa9")
        self.assertEqual(len(self.node), 1)

    def test_defaults(self) -> None:
        self.assertIsNone(self.node.get("a"))
        self.assertEqual(self.node.get("a", "x"), "x")


class Life(unittest.TestCase):
    def test_a_node_is_not_copied_pickled_or_sent(self) -> None:
        with zgossip.Node() as node:
            for way in (copy.copy, copy.deepcopy, pickle.dumps):
                with self.assertRaisesRegex(TypeError, "cannot be copied"):
                    way(node)
            process = multiprocessing.get_context("spawn").Process(target=print, args=(node,))
            with self.assertRaisesRegex(TypeError, "another process"):
                process.start()
            node.publish("key", "value")
            self.assertEqual(node["key"], "value")

    def test_a_node_in_a_fork_has_ended(self) -> None:
        forks = multiprocessing.get_context("fork")
        with zgossip.Node() as node:
            answer: multiprocessing.queues.Queue[str] = forks.Queue()
            process = forks.Process(target=child, args=(answer, node))
            process.start()
            self.assertEqual(answer.get(timeout=WAIT), "ended")
            process.join(WAIT)
            self.assertEqual(process.exitcode, 0)
            node.publish("key", "value")
            self.assertEqual(len(node), 1)

    def test_close_ends_events_and_calls(self) -> None:
        node = zgossip.Node()
        self.assertFalse(node.closed)
        seen: list[zgossip.Event] = []
        waiting = threading.Thread(target=lambda: seen.extend(node.events()))
        waiting.start()
        node.close()
        node.close()
        waiting.join(WAIT)
        self.assertFalse(waiting.is_alive())
        self.assertTrue(node.closed)
        self.assertEqual(seen, [])
        self.assertEqual(list(node.events()), [])
        for call in (node.tuples, node.fileno, node.recv, lambda: len(node), lambda: node.publish("k", "v")):
            with self.assertRaises(zgossip.EndedError):
                call()

    def test_ctrl_c_ends_a_wait(self) -> None:
        with zgossip.Node() as node:
            main = threading.main_thread().ident
            assert main is not None
            alarm = threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGINT))
            alarm.start()
            with self.assertRaises(KeyboardInterrupt):
                node.recv(WAIT)
            alarm.join()


class Errors(unittest.TestCase):
    def test_have_codes_and_classes_and_are_pickled(self) -> None:
        with zgossip.Node(log="off") as node:
            with self.assertRaises(zgossip.RefusedError) as raised:
                node.bind("nonsense")
            error = pickle.loads(pickle.dumps(raised.exception))
            self.assertEqual((type(error), str(error)), (zgossip.RefusedError, str(raised.exception)))
            self.assertEqual(error.code, zgossip.REFUSED)
            self.assertIn("nonsense", str(error))
            with self.assertRaises(ValueError) as bad:
                node.publish("k" * 256, "v")
            self.assertIsInstance(bad.exception, zgossip.BadArgumentError)

    def test_name_the_argument(self) -> None:
        with zgossip.Node() as node:
            for text, call in (
                ("key must be str or bytes, not int", lambda: node.publish(3, "v")),  # type: ignore[arg-type]
                ("value must be str or bytes, not NoneType", lambda: node.publish("k", None)),  # type: ignore[arg-type]
                ("endpoint must be str, not bytes", lambda: node.bind(b"x")),  # type: ignore[arg-type]
                ("server_key must be str, not int", lambda: node.connect("x", 1)),  # type: ignore[arg-type]
                ("file must be str or os.PathLike, not int", lambda: node.load(1)),  # type: ignore[arg-type]
            ):
                with self.assertRaisesRegex(TypeError, text):
                    call()
            with self.assertRaisesRegex(ValueError, "endpoint contains a null character"):
                node.bind("tcp://\0")
        with self.assertRaisesRegex(ValueError, "log must be 'process', 'events' or 'off', not \"loud\""):
            zgossip.Node(log="loud")  # type: ignore[arg-type]


class Network(unittest.TestCase):
    def test_two_nodes_hold_the_same(self) -> None:
        with zgossip.Node("hub") as hub, zgossip.Node("leaf") as leaf:
            hub.publish("a", "1")
            endpoint = f"tcp://127.0.0.1:{hub.bind('tcp://127.0.0.1:*')}"
            leaf.connect(endpoint)
            self.assertEqual(leaf.recv(WAIT), ("tuple", "a", "1"))
            joined = leaf.recv(WAIT)
            self.assertEqual(joined, zgossip.Event(type="joined", key=endpoint, value=""))
            leaf.publish("b", "2")
            self.assertEqual([event and event.key for event in (hub.recv(WAIT), hub.recv(WAIT))], ["a", "b"])
            self.assertEqual(hub.tuples(), leaf.tuples())
            self.assertEqual(leaf.recv(WAIT), ("tuple", "b", "2"))
            self.assertIsNone(leaf.recv(0))
            self.assertIsNone(leaf.recv(0.001))

    def test_encrypted(self) -> None:
        public, secret = zgossip.new_keys()
        with zgossip.Node("hub") as hub, zgossip.Node("leaf") as leaf:
            hub.set_keys(public, secret)
            leaf.set_keys(*zgossip.new_keys())
            leaf.connect(f"tcp://127.0.0.1:{hub.bind('tcp://127.0.0.1:*')}", public)
            leaf.publish("a", "1")
            self.assertEqual(hub.recv(WAIT), ("tuple", "a", "1"))

    def test_configuration_of_a_path(self) -> None:
        with tempfile.TemporaryDirectory() as folder, zgossip.Node() as node:
            file = pathlib.Path(folder) / "node.cfg"
            node.set("server/timeout", "2000")
            node.save(file)
            self.assertIn("timeout", file.read_text())
            node.load(file)
            with self.assertRaises(zgossip.RefusedError):
                node.load(os.fspath(file) + ".missing")


if __name__ == "__main__":
    unittest.main()
