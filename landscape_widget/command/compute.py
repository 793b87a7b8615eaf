"""How does a job become a file that grows?"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from landscape_widget.command.endings import FAILED
from landscape_widget.command.interrupts import Interrupts
from landscape_widget.command.job import read_job
from landscape_widget.command.options import options_of
from landscape_widget.command.progress import Progress
from landscape_widget.command.screen import Screen, screen_on
from landscape_widget.command.settings import settings_of
from landscape_widget.command.words import extent, joined, lowest
from landscape_widget.command.workers import workers
from landscape_widget.export.numbers import format_duration
from landscape_widget.headless import headless
from landscape_widget.scene.question import ask
from landscape_widget.scene.resuming import kept_in


def compute(asked: Namespace) -> int:
    """Compute a job's landscape into a file, from coarse to fine, until it is done or somebody stops it.

    Raises:
        ValueError, TypeError, OSError: where what is asked for makes no sense.
        BaseException: whatever the job raises.
    """
    began, settings = time.monotonic(), settings_of(asked.settings)
    check_file(asked.out, may_exist=asked.resume or asked.overwrite)
    with closing(screen_on(sys.stderr, quiet=asked.quiet)) as screen:
        progress = Progress(screen, time.monotonic)
        job = read_job(asked.job)
        with workers(asked.workers, options_of(job.options, settings, asked.device)) as options:
            offer, traits = ask(job.model, job.loss, job.data, **options, on_progress=progress.read)
            offer, keeping = kept_in(asked.out, offer, anew=asked.overwrite)
            with Interrupts() as interrupts, _said_on_leaving(screen, asked.out):
                surface = headless(offer, traits, progress, interrupts, keeping)
    if surface is not None and not asked.quiet:
        took = f"in {format_duration(time.monotonic() - began)}"
        print(joined(f"{asked.out}: {extent(surface)}", lowest(surface), took))
    if interrupts():
        print(f"Stopped. The same line with --resume goes on from {asked.out}.", file=sys.stderr)
    if keeping.trouble:
        print(f"{asked.out} doesn't hold all of it. {keeping.trouble}", file=sys.stderr)
        return interrupts.code or FAILED
    return interrupts.code


@contextmanager
def _said_on_leaving(screen: Screen, path: Path) -> Iterator[None]:
    """Say, where the job raises, what isn't lost."""
    try:
        yield
    except BaseException:
        if path.exists():
            screen.say(f"What was known by then is in {path}; --resume goes on from there.")
        raise


def check_file(path: Path, *, may_exist: bool) -> None:
    """Refuse, before anything is computed, what no landscape can be kept in.

    Raises:
        ValueError: saying what was expected, what came and what to do.
    """
    if path.suffix.lower() != ".npz":
        raise ValueError(
            f"--out names the .npz that keeps everything; got {path}. "
            "Make pictures of that with the command show."
        )
    if not path.parent.is_dir():
        raise ValueError(
            f"--out names a file in a directory that there is; there is no {path.parent}. Make it first."
        )
    if path.exists() and not may_exist:
        raise ValueError(
            f"{path} is there already. Go on from it with --resume, or replace it with --overwrite."
        )
