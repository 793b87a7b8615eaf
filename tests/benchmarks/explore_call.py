"""When does `explore()` return? In kernels without a browser: its messages are sent, nobody draws."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import run_kernel
from measurement import Goal, Measurement, repeat

SETUP = f"""
import sys, time
sys.path.append({str(Path(__file__).parent)!r})
import landscape_widget as lw
from digits import digits
problem = digits()
"""
CALL = """
called = time.time()
widget = lw.explore(*problem)
returned = time.time()
"""
Run = Callable[[str, str], float]


def measure_explore() -> list[Measurement]:
    return [
        Measurement("`explore()` on tensors returns, first in its kernel", repeat(first_call, 5, 20), GOAL),
        Measurement("`explore()` on tensors returns, later", later_calls(), GOAL),
    ]


def first_call() -> float:
    with kernel() as run:
        run(SETUP, "0")
        return run(CALL, "returned - called")


def later_calls() -> list[float]:
    with kernel() as run:
        run(SETUP + CALL, "0")
        return repeat(lambda: run("widget.close()" + CALL, "returned - called"), times=20, seconds=5)


@contextmanager
def kernel() -> Iterator[Run]:
    """A fresh kernel, as a function of code to run and a number to ask for."""
    with run_kernel(stderr=subprocess.DEVNULL) as client:  # it warns that its own machine can listen

        def run(code: str, number: str) -> float:
            reply = client.execute_interactive(code, user_expressions={"number": number}, allow_stdin=False)
            content = reply["content"]
            if content["status"] != "ok":
                raise RuntimeError("\n".join(content["traceback"]))
            return float(content["user_expressions"]["number"]["data"]["text/plain"])

        yield run


GOAL = Goal(0.100)
