"""Do the workers take turns, keep to their threads, and hand everything back, whatever happens to a job?"""

from __future__ import annotations

import gc
import itertools
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
import torch

from landscape_widget.evaluate.workers import NICE, Workers
from tests.cases import CASES
from tests.fast_cases import GRID, Bench, all_values
from tests.pools import pool

PATIENCE = 10  # seconds, for what ought to happen at once


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(2)
    yield made
    made.close()


@pytest.fixture
def two_threads_here() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def counted(tasks: int, task: Callable[[int], object]) -> Callable[[int], Callable[[], object] | None]:
    """So many tasks, whoever takes them; each is told its number."""
    numbers = iter(range(tasks))

    def take(worker: int) -> Callable[[], object] | None:
        number = next(numbers, None)
        return None if number is None else lambda: task(number)

    return take


def thread_name() -> str:
    return threading.current_thread().name


def test_every_task_is_done_once(workers: Workers) -> None:
    assert sorted(workers.run(counted(100, lambda number: number))) == list(range(100))


def test_each_worker_has_one_torch_thread_and_the_wide_one_those_of_its_maker(two_threads_here: None) -> None:
    made = Workers(2)
    assert made.together(lambda worker: torch.get_num_threads(), 2) == [1, 1]
    assert list(made.run(counted(1, lambda _: torch.get_num_threads()), wide=True)) == [2]
    assert made.count == 2 and made.threads == 2
    made.close()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_they_work_at_the_same_time(count: int) -> None:
    made = Workers(count)
    meeting = threading.Barrier(count)
    assert sorted(made.together(lambda worker: (meeting.wait(PATIENCE), worker)[1], count)) == list(
        range(count)
    )
    made.close()


def test_a_task_runs_on_the_worker_it_was_taken_for(workers: Workers) -> None:
    for worker, name in enumerate(["landscape worker 0", "landscape worker 1"]):
        left = iter([thread_name])
        assert list(
            workers.run(lambda w, left=left, worker=worker: next(left, None) if w == worker else None)
        ) == [name]
    assert list(workers.run(counted(1, lambda _: thread_name()), wide=True)) == ["landscape worker"]


class Elsewhere:
    """A thread of somebody else's, with three torch threads."""

    def __init__(self) -> None:
        self.asked, self.ready, self.answers = threading.Event(), threading.Event(), []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        self.ready.wait(PATIENCE)

    def run(self) -> None:
        torch.set_num_threads(3)
        torch.get_num_threads()
        self.ready.set()
        self.asked.wait(PATIENCE)
        self.answers.append(torch.get_num_threads())

    def count(self) -> int:
        self.asked.set()
        self.thread.join(PATIENCE)
        return self.answers[0]


def _succeed(made: Workers) -> None:
    list(made.run(counted(4, lambda _: torch.ones(64, 64) @ torch.ones(64, 64))))
    list(made.run(counted(2, lambda _: torch.ones(64, 64) @ torch.ones(64, 64)), wide=True))


def _give_up(made: Workers) -> None:
    run = made.run(counted(100, lambda _: torch.ones(64, 64) @ torch.ones(64, 64)))
    next(run)
    run.close()


def _fail(made: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        list(made.run(counted(4, lambda number: 1 // (number - 2))))


@pytest.mark.parametrize("use", [_succeed, _give_up, _fail])
def test_everybody_elses_torch_threads_stay(two_threads_here: None, use: Callable[[Workers], None]) -> None:
    elsewhere = Elsewhere()
    torch.set_num_threads(2)
    made = Workers(2)
    use(made)
    assert torch.get_num_threads() == 2
    made.close()
    assert torch.get_num_threads() == 2 and elsewhere.count() == 3
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join(PATIENCE)
    assert later == [2]


@pytest.mark.parametrize("how", ["done", "cancelled", "failed"])
def test_torch_threads_stay_after_an_evaluation(two_threads_here: None, how: str) -> None:
    broken = False

    def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        if broken:
            raise ArithmeticError
        return torch.nn.functional.cross_entropy(output, target)

    case = CASES["classification"]()
    bench = Bench(type(case)(case.model, loss, case.data, case.once))
    evaluator = bench.evaluator()
    broken = how == "failed"
    asked = itertools.count()
    run = evaluator(GRID, 37, lambda: how == "cancelled" and next(asked) > 20)
    if how == "failed":
        with pytest.raises(ArithmeticError):
            list(run)
    else:
        list(run)
    assert torch.get_num_threads() == 2


def test_a_tasks_exception_reaches_who_asked_and_ends_the_job(workers: Workers) -> None:
    started, held = [], threading.Event()

    def task(number: int) -> int:
        started.append(number)
        if number == 0:
            raise KeyError("whatever the user's code raises")
        held.wait(PATIENCE)
        return number

    with pytest.raises(KeyError, match="whatever"):
        list(workers.run(counted(1000, task)))
    held.set()
    assert sorted(workers.run(counted(3, lambda number: number))) == [0, 1, 2]
    assert len(started) <= 3


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_even_what_is_no_exception_leaves_the_thread_alive(
    workers: Workers, error: type[BaseException]
) -> None:
    def task(_: int) -> None:
        raise error

    with pytest.raises(error):
        list(workers.run(counted(1, task)))
    assert sorted(workers.run(counted(3, lambda number: number))) == [0, 1, 2]


def test_a_take_that_raises_ends_the_job(workers: Workers) -> None:
    def take(worker: int) -> None:
        raise LookupError("no cells")

    with pytest.raises(LookupError, match="no cells"):
        list(workers.run(take))
    assert sorted(workers.run(counted(2, lambda number: number))) == [0, 1]


def test_closing_a_running_iterator_takes_no_more(workers: Workers) -> None:
    held, taken = threading.Event(), []

    def task(number: int) -> int:
        taken.append(number)
        if number:
            held.wait(PATIENCE)
        return number

    run = workers.run(counted(1000, task))
    assert next(run) == 0
    run.close()
    held.set()
    assert sorted(workers.run(counted(2, lambda number: number))) == [0, 1]
    assert len(taken) <= 3


def test_ctrl_c_in_the_consumer_leaves_the_pool_usable(workers: Workers) -> None:
    with pytest.raises(KeyboardInterrupt):
        for _ in workers.run(counted(1000, lambda number: number)):
            raise KeyboardInterrupt
    assert sorted(workers.run(counted(3, lambda number: number))) == [0, 1, 2]
    assert not workers._jobs and not workers._busy


def _order(workers: Workers, lanes: dict[str, tuple[int, bool]]) -> str:
    """Hold both workers up until every job waits; then, in which order are five tasks of each done?"""
    order: list[str] = []
    begin, holding = threading.Event(), threading.Barrier(workers.count + 1)

    def hold(_: int) -> None:
        holding.wait(PATIENCE)
        begin.wait(PATIENCE)

    def take_of(name: str, lane: int) -> Callable[[int], Callable[[], None] | None]:
        left = iter(range(5))
        return lambda worker: (
            (lambda: order.append(name)) if worker == lane and next(left, None) is not None else None
        )

    def start(results: Iterator[None]) -> threading.Thread:
        thread = threading.Thread(target=list, args=(results,))
        thread.start()
        return thread

    threads = [start(workers.run(counted(workers.count, hold)))]
    holding.wait(PATIENCE)
    threads += [start(workers.run(take_of(name, lane), wide=wide)) for name, (lane, wide) in lanes.items()]
    while len(workers._jobs) < 1 + len(lanes):
        pass
    begin.set()
    for thread in threads:
        thread.join(PATIENCE)
    return "".join(order)


def test_jobs_take_turns(workers: Workers) -> None:
    assert _order(workers, {"a": (1, False), "b": (1, False)}) in ("ababababab", "bababababa")


def test_a_wide_job_and_worker_0_take_turns_too(workers: Workers) -> None:
    assert _order(workers, {"w": (0, True), "n": (0, False)}) in ("wnwnwnwnwn", "nwnwnwnwnw")


def test_a_wide_job_goes_on_when_the_other_is_done(workers: Workers) -> None:
    done = _order(workers, {"w": (0, True), "n": (1, False), "m": (0, False)})
    assert sorted(done) == sorted(5 * "wnm")


def test_the_wide_worker_and_worker_0_never_work_at_the_same_time(workers: Workers) -> None:
    inside, overlaps = threading.Lock(), []

    def task(_: int) -> None:
        if not inside.acquire(blocking=False):
            overlaps.append(thread_name())
            return
        torch.ones(64, 64) @ torch.ones(64, 64)
        inside.release()

    def only_first(take: Callable[[int], object]) -> Callable[[int], object]:
        return lambda worker: take(worker) if worker == 0 else None

    jobs = [
        threading.Thread(target=lambda: list(workers.run(counted(300, task), wide=True))),
        threading.Thread(target=lambda: list(workers.run(only_first(counted(300, task))))),  # type: ignore[arg-type]
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(PATIENCE)
    assert overlaps == []


def test_closing_ends_the_threads() -> None:
    made = Workers(2)
    list(made.run(counted(3, lambda number: number)))
    threads = list(made._threads)
    made.close()
    assert not any(thread.is_alive() for thread in threads)
    with pytest.raises(RuntimeError, match="closed"):
        next(made.run(counted(1, lambda number: number)))


def test_closing_lets_a_consumer_go() -> None:
    made, held, began = Workers(1), threading.Event(), threading.Event()

    def task(number: int) -> int:
        began.set()
        held.wait(PATIENCE)
        return number

    got: list[object] = []
    consumer = threading.Thread(target=lambda: got.extend(made.run(counted(5, task))))
    consumer.start()
    began.wait(PATIENCE)
    closing = threading.Thread(target=made.close)
    closing.start()
    while not made._closed:
        pass
    held.set()
    closing.join(PATIENCE)
    consumer.join(PATIENCE)
    assert not consumer.is_alive() and got in ([], [0])


def test_a_thread_that_cannot_have_a_count_of_its_own_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)  # as on some platforms
    made = Workers(3)
    assert made.count == (1 if before != 1 else 3)
    assert sorted(made.run(counted(4, lambda number: number))) == [0, 1, 2, 3]
    made.close()


@pytest.mark.parametrize("name", ["classification", "convolution, BatchNorm, sum", "batch loss"])
def test_nothing_of_a_model_is_kept_once_its_evaluator_is_gone(name: str) -> None:
    bench = Bench(CASES[name]())
    evaluator = bench.evaluator()
    all_values(evaluator, GRID, bench.objective.train.size)
    kept = [weakref.ref(bench.objective.model), weakref.ref(evaluator._crew)]
    kept += [weakref.ref(station._copy.model) for station in evaluator._crew._stations.values()]
    assert len(kept) > 2
    del bench, evaluator
    gc.collect()
    assert [ref() for ref in kept] == [None] * len(kept)
    assert pool().count == 2


def test_nothing_of_a_model_is_kept_after_a_run_that_was_given_up() -> None:
    bench = Bench(CASES["classification"]())
    evaluator = bench.evaluator(seconds=0.0)
    run = evaluator(GRID, 37, lambda: False)
    next(run)
    run.close()
    pool().together(lambda worker: None, 2)  # what was taken before has been done
    kept = weakref.ref(bench.objective.model), weakref.ref(evaluator._crew)
    del bench, evaluator, run
    gc.collect()
    assert [ref() for ref in kept] == [None, None]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux only")
def test_workers_let_others_go_first() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = niceness()
    workers = Workers(2)
    assert set(workers.together(lambda _: niceness(), 2)) == {min(19, own + NICE)}
    assert niceness() == own
    workers.close()
