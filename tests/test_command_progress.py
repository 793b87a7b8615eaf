import io
import os
from contextlib import contextmanager
from dataclasses import replace

import pytest

from landscape_widget.command.progress import PATIENCE, Progress
from landscape_widget.command.screen import Log, Silence, Terminal, screen_on
from landscape_widget.live.report import Report
from landscape_widget.values import How
from tests.command_cases import known
from tests.live_cases import facts


class Heard:
    """A screen that keeps what it is told."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str]] = []

    def now(self, text: str) -> None:
        self.all.append(("now", text))

    def level(self, text: str) -> None:
        self.all.append(("level", text))

    def say(self, text: str) -> None:
        self.all.append(("say", text))

    def close(self) -> None:
        self.all.append(("close", ""))

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.all]


def progress(*times: float) -> tuple[Progress, Heard]:
    """One on a screen that listens, made at the first of some times."""
    heard, ticks = Heard(), iter(times)
    return Progress(heard, lambda: next(ticks)), heard


def computing(cells: int, **more) -> Report:
    return Report(1, "computing", "cells", surface=known(cells), **more)


def test_a_line_is_drawn_at_most_ten_times_a_second():
    tell, heard = progress(0.0, 1.0, 1.05, 1.2)
    for cells in (1, 2, 3):
        tell(computing(cells))
    assert [text.split(" · ")[1] for _, text in heard.all] == ["1 of 81 cells", "3 of 81 cells"]


def test_a_finished_level_is_told_at_once():
    tell, heard = progress(0.0, 1.0, 1.01, 1.02)
    for cells in (24, 25, 81):
        tell(computing(cells))
    assert heard.kinds() == ["now", "level", "level"]


def test_a_slow_level_gives_a_log_a_line_now_and_then():
    tell, heard = progress(0.0, 1.0, PATIENCE - 1, PATIENCE + 1, PATIENCE + 2)
    for cells in (1, 2, 3, 4):
        tell(computing(cells))
    assert heard.kinds() == ["now", "now", "level", "now"]


def test_a_note_is_said_once_whoever_says_it():
    tell, heard = progress(0.0, 1.0, 2.0)
    report = computing(1, facts=replace(facts(), notes=("The data are few.",)))
    tell(report)
    tell(replace(report, how=How("cpu", notes=("The data are few.", "A fast path was wrong."))))
    assert [text for kind, text in heard.all if kind == "say"] == [
        "The data are few.",
        "A fast path was wrong.",
    ]


def test_the_first_cell_that_failed_is_said():
    tell, heard = progress(0.0, 1.0)
    tell(computing(1, how=How("cpu", error="ValueError: too far")))
    assert ("say", "A cell failed, and is left out: ValueError: too far") in heard.all


def test_where_it_is_kept_is_said_once_and_then_what_is_new_of_that():
    tell, heard = progress(0.0, 1.0, 2.0, 3.0)
    tell(computing(1, kept=("kept in run.npz: 3 of 81 cells were there",)))
    trouble = ("run.npz holds 3 cells", "What is new could not be written (the disk is full).")
    tell(computing(2, kept=trouble))
    tell(computing(3, kept=trouble))
    said = [text for kind, text in heard.all if kind == "say"]
    assert said == ["kept in run.npz: 3 of 81 cells were there", trouble[1]]


def test_the_pace_counts_what_this_run_has_measured():
    tell, heard = progress(0.0, 10.0, 12.0)
    tell(computing(30))
    tell(computing(50))
    assert "cells/s" not in heard.all[0][1] and " 10 cells/s" in heard.all[1][1]


def test_reading_the_data_is_counted():
    tell, heard = progress(0.0)
    tell.read(3200)
    assert heard.all == [("now", "reading data: 3,200 samples so far (Ctrl+C to stop)")]


@contextmanager
def pty(columns: int):
    """A terminal of a width: what is written to, and what shows as many letters of it as one expects."""
    import fcntl
    import struct
    import termios

    reader, writer = os.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def shown(letters: int) -> str:
        told = b""
        while len(told.decode(errors="ignore")) < letters:
            told += screen.read(100_000)
        return told.decode()

    with open(writer, "w", encoding="utf-8") as stream, open(reader, "rb", buffering=0) as screen:
        yield stream, shown


def test_on_a_terminal_one_line_is_rewritten_and_never_wider_than_it():
    expected = f"\r{'a' * 19}\x1b[K\r{'b' * 18}…\x1b[K"
    with pty(columns=20) as (stream, shown):
        screen = screen_on(stream, quiet=False)
        screen.now("a" * 19)
        screen.now("b" * 40)
        assert shown(len(expected)) == expected


def test_a_window_drawn_wider_is_used():
    widths = iter([10, 40])
    stream = io.StringIO()
    terminal = Terminal(stream, lambda: next(widths))
    terminal.now("33×33 of 51×51")
    terminal.now("33×33 of 51×51")
    assert stream.getvalue() == "\r33×33 of…\x1b[K\r33×33 of 51×51\x1b[K"


def test_what_stays_is_written_above_the_line_that_is_rewritten():
    expected = "\r5×5 of 9×9\x1b[K\r\x1b[KA fast path was wrong.\r\n5×5 of 9×9\r\x1b[K"  # the tty adds \r
    with pty(columns=80) as (stream, shown):
        screen = screen_on(stream, quiet=False)
        screen.now("5×5 of 9×9")
        screen.say("A fast path was wrong.")
        screen.close()
        assert shown(len(expected)) == expected


def test_a_log_has_a_line_a_level_and_nothing_else():
    stream = io.StringIO()
    log = screen_on(stream, quiet=False)
    assert isinstance(log, Log)
    for write in (log.now, log.level, log.say, log.now):
        write(write.__name__)
    log.close()
    assert stream.getvalue() == "level\nsay\n"


def test_in_silence_nothing_is_written():
    stream = io.StringIO()
    screen = screen_on(stream, quiet=True)
    assert isinstance(screen, Silence)
    for write in (screen.now, screen.level, screen.say):
        write("text")
    screen.close()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("columns", [0, 1, 2])
def test_the_narrowest_terminal_breaks_nothing(columns):
    stream = io.StringIO()
    Terminal(stream, lambda: columns).now("text")
    assert stream.getvalue() in ("\r…\x1b[K", "\r\x1b[K")
