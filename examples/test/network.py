"""What everybody in the test publishes. examples/run says what the test is."""

LARGE = 100_000


def tuples_of(*names: str) -> dict[str, str]:
    tuples = {}
    for name in names:
        tuples.update({f"{name}/{number}": f"{name} says {number}" for number in range(10)})
        tuples[f"{name}/bytes"] = b"\xff\xfe\x80".decode("utf-8", "surrogateescape")
        tuples[f"{name}/empty"] = ""
        tuples[f"{name}/large"] = "x" * LARGE
    return tuples
