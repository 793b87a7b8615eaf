"""The command line as a person runs it: in a terminal, with worker processes, stopped by a key."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import numpy as np
import pytest

import landscape_widget as lw
from tests.command_cases import JOB, job

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[1]
WAITING = "    import time\n\n    time.sleep(0.02)\n    return output.mean()"
SLOW = JOB.replace("    return output.mean()", WAITING).replace('"resolution": 9', '"resolution": 25')
HERE = os.environ | {"PYTHONPATH": str(ROOT)}
COLUMNS = 60


class Terminal:
    """The command in a terminal of its own, 60 letters wide."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._screen, ours = os.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        command = [sys.executable, "-m", "landscape_widget", *words]
        at_the_terminal = {"stdin": ours, "stdout": ours, "stderr": ours, "preexec_fn": _own_terminal}
        self.process = subprocess.Popen(command, cwd=folder, env=HERE, **at_the_terminal)
        os.close(ours)
        self.told = ""

    def read_until(self, expected: str) -> None:
        """Read what is written until a pattern is in it."""
        while not re.search(expected, self.told):
            assert self._read_more(), self.told

    def press_ctrl_c(self) -> None:
        """The terminal tells all processes that belong to it."""
        os.write(self._screen, b"\x03")

    def end(self) -> int:
        """Read the rest, and return the code that it ends with."""
        while self._read_more():
            pass
        os.close(self._screen)
        return self.process.wait(60)

    def _read_more(self) -> bool:
        try:
            more = os.read(self._screen, 100_000)
        except OSError:  # as Linux says that nobody writes there any more
            return False
        self.told += more.decode()
        return bool(more)


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_workers_in_a_terminal_are_stopped_by_a_key_and_gone_on_with(tmp_path):
    job(tmp_path, SLOW)
    line = ["compute", "job.py", "--out", "surface.npz", "--workers", "2"]
    first = Terminal(tmp_path, *line)
    first.read_until(r"\r5×5 of 25×25 · \d")
    first.press_ctrl_c()
    assert first.end() == 130
    assert "Traceback" not in first.told and "KeyboardInterrupt" not in first.told
    assert "Stopped. The same line with --resume" in first.told
    rewritten = re.findall(r"\r([^\r\n]+)\x1b\[K", first.told)
    assert len(rewritten) > 3 and max(map(len, rewritten)) < COLUMNS
    known = int(np.count_nonzero(lw.load(tmp_path / "surface.npz").known))
    assert 25 <= known < 25 * 25

    second = Terminal(tmp_path, *line, "--resume")
    assert second.end() == 0
    assert f"kept in surface.npz: {known:,} of 625 cells were there" in second.told
    surface = lw.load(tmp_path / "surface.npz")
    assert surface.is_done and surface.at("origin")["loss"] == 13


def test_workers_that_are_only_starting_hear_nothing_of_ctrl_c(tmp_path):
    job(tmp_path, SLOW)
    terminal = Terminal(tmp_path, "compute", "job.py", "--out", "surface.npz", "--workers", "2")
    terminal.read_until("preparing the directions")
    terminal.press_ctrl_c()
    assert terminal.end() == 130
    assert "Traceback" not in terminal.told


def test_a_batch_system_stops_it_with_sigterm(tmp_path):
    job(tmp_path, SLOW)
    command = [sys.executable, "-m", "landscape_widget", "compute", "job.py", "--out", "surface.npz"]
    pipe = {"stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=tmp_path, env=HERE, **pipe) as process:
        log = ""
        while "5×5 of 25×25" not in log:
            line = process.stderr.readline()
            assert line, log
            log += line
        process.send_signal(signal.SIGTERM)
        log += process.stderr.read()
        assert process.wait(60) == 143
    assert "Stopped." in log and not {"\x1b", "\r"} & set(log)
    assert np.count_nonzero(lw.load(tmp_path / "surface.npz").known) >= 25


NOTEBOOK = f"""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import landscape_widget as lw

if __name__ == "__main__":
    names = {{"__name__": "__main__"}}
    exec({JOB!r}, names)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        options = {{**names["options"], "executor": executor, "resume": "notebook.npz"}}
        lw.compute(names["model"], names["loss"], names["data"], **options)
"""


def test_the_same_workers_give_the_same_bits_as_in_a_notebook(tmp_path):
    job(tmp_path, JOB)
    (tmp_path / "notebook.py").write_text(NOTEBOOK)
    for words in (
        ["-m", "landscape_widget", "compute", "job.py", "--out", "surface.npz", "--workers", "2"],
        ["notebook.py"],
    ):
        subprocess.run([sys.executable, *words], cwd=tmp_path, check=True, timeout=120, env=HERE)
    here, there = (lw.load(tmp_path / name) for name in ("notebook.npz", "surface.npz"))
    assert np.array_equal(here.values, there.values)
    assert here.settings["identity"] == there.settings["identity"]
