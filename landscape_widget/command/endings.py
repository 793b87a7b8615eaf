"""Is an error ours, to be said in a sentence, or one of the job's, with the way to it?"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
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
    if not isinstance(error, SAID) or not (job is None or _is_raised_by_us(error)):
        return FAILED, _told(error, job)
    if (cause := error.__cause__) is not None and _from(job, cause) is not None:
        return FAILED, f"{_told(cause, job)}\n\n{_sentence(error)}"
    return REFUSED, _sentence(error)


def _is_raised_by_us(error: Exception) -> bool:
    """Whether one of our own lines raises it, and not what such a line calls."""
    *_, last = _steps(error)
    return _file(last).is_relative_to(OURS)


def _told(error: BaseException, job: Path | None) -> str:
    """Return the traceback from the job's first line on; all of it, where the job isn't part of it."""
    trace = _from(job, error) or error.__traceback__
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip()


def _from(job: Path | None, error: BaseException) -> TracebackType | None:
    """Return the way from the job's first line to the error, None where it doesn't pass there."""
    ways = (trace for trace in _steps(error) if job is not None and _file(trace) == job.resolve())
    return next(ways, None)


def _steps(error: BaseException) -> Iterator[TracebackType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _file(trace: TracebackType) -> Path:
    return Path(trace.tb_frame.f_code.co_filename).resolve()


def _sentence(error: Exception) -> str:
    """An `OSError` of Python's own has its words and the file apart."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}."
    return str(error)
