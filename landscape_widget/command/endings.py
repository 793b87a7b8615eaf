"""Is an error ours, to be said in a sentence, or one of the job's, with the way to it?"""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

FAILED, REFUSED, STOPPED = 1, 2, 130
"""Codes to exit with: the job raised; what was asked can't be done; Ctrl+C."""

OURS = Path(__file__).parents[1]
SAID = (ValueError, TypeError, OSError, ImportError)
"""What we raise where something is asked that can't be done."""


def ending_of(error: Exception, job: Path | None) -> tuple[int, str]:
    """Return the code to exit with, and what to say.

    Args:
        job: the file whose code ran; None where only ours did.
    """
    if isinstance(error, SAID) and (job is None or _is_raised_by_us(error)):
        return REFUSED, _sentence(error)
    return FAILED, "".join(traceback.format_exception(error.with_traceback(_from_the_job(error, job))))


def _is_raised_by_us(error: Exception) -> bool:
    """Whether one of our own lines raises it, and not what such a line calls."""
    files = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(files) and files[-1].is_relative_to(OURS)


def _from_the_job(error: Exception, job: Path | None) -> TracebackType | None:
    """Return the traceback from the job's own first line on; all of it, where that isn't part of it."""
    trace = error.__traceback__
    while trace is not None and not (job and _is_of(trace, job)):
        trace = trace.tb_next
    return trace or error.__traceback__


def _is_of(trace: TracebackType, job: Path) -> bool:
    return Path(trace.tb_frame.f_code.co_filename).resolve() == job.resolve()


def _sentence(error: Exception) -> str:
    """An `OSError` of Python's own has its words and the file apart."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}."
    return str(error)
