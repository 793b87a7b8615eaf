"""What does a worker do with a task? It unpacks what it lacks, measures, and says how it went."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from landscape_widget.evaluate.spread.job import Drifted
from landscape_widget.evaluate.spread.messages import Measured, Missing, Raised, Task, Unlike
from landscape_widget.evaluate.spread.store import Lacking, Stations, here, store
from landscape_widget.objective.torch_threads import torch_threads
from landscape_widget.values import Values, Withdrawn

Answer = Measured | Missing | Unlike


def measure(task: Task, sent: Mapping[str, bytes]) -> Answer:
    """Measure a task's cells; whatever the user's code raises is part of the answer.

    Args:
        sent: fingerprint → bytes, where they had to be sent along.
    """
    with torch_threads(task.threads):
        try:
            stations, received = store().stations(task, sent)
        except Lacking as lacking:
            return Missing(lacking.fingerprints)
        except Drifted:
            return Unlike()
        except Exception as error:
            return Measured((), 0.0, here(), 0, raised=Raised.of(error))
        return _measured(task, stations, received)


def hello(name: str) -> None:
    """Be there: the first task waits for torch to be imported otherwise. Each has a name, as tasks have."""


def _measured(task: Task, stations: Stations, received: int) -> Measured:
    station = stations.take()
    known: list[Values] = []
    raised = withdrawn = None
    began = perf_counter()
    try:
        known += station(task.coordinates, task.samples, _never)
    except Withdrawn as why:
        withdrawn = str(why)
    except (Exception, SystemExit) as error:
        raised = Raised.of(error)
    seconds = perf_counter() - began
    clamped = station.clamped
    stations.give_back(station)
    return Measured(tuple(known), seconds, here(), received, clamped, raised, withdrawn)


def _never() -> bool:
    return False
