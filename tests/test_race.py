"""Does the race settle on the fastest way, on few cells, without knowing anything but times?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape_widget.evaluate.plan import Plan
from landscape_widget.evaluate.race import (
    Change,
    Race,
    one_wide_worker,
    other_format,
    scaled,
    several_together,
    without,
)

LAWS = settings(max_examples=40, deadline=None, derandomize=True)
GUESS = Plan(256, channels_last=True, rewrites=frozenset({"fold", "head"}))
MOST_CELLS = 10_000


def changes() -> list[Change]:
    return [
        scaled(2, 4096),
        scaled(0.5, 4096),
        without("fold"),
        without("head"),
        other_format,
        one_wide_worker,
    ]


class Machine:
    """Seconds a cell keeps one worker, by what is on; a table, so that nothing is measured."""

    def __init__(self, seconds: float, factors: dict[str, float], peak: int = 256) -> None:
        self.seconds, self.factors, self.peak = seconds, factors, peak
        self.tried: list[Plan] = []

    def work(self, plan: Plan) -> float:
        """Of one worker; of all torch threads where the plan is wide."""
        on = [*plan.rewrites, *["last"] * plan.channels_last, *["wide"] * plan.wide]
        work = self.seconds
        for name in on:
            work *= self.factors.get(name, 1.0)
        assert plan.limit is not None
        ratio = plan.limit / self.peak
        return work * max(ratio, 1 / ratio) ** 0.5

    def speed(self, plan: Plan, workers: int) -> float:
        return (1 if plan.wide else workers) / self.work(plan)

    def run(self, race: Race) -> int:
        """Feed it until it settles; return how many cells that took."""
        count = 0
        while race.cells is not None:
            assert count < MOST_CELLS
            assert race.cells >= 1
            if not self.tried or self.tried[-1] != race.plan:
                self.tried.append(race.plan)
            count += race.cells
            race.tell([self.work(race.plan)] * race.cells)
        return count


factors = st.fixed_dictionaries(
    {
        name: st.sampled_from([0.5, 0.8, 0.99, 1.0, 1.01, 1.5, 4.0])
        for name in ("fold", "head", "last", "wide")
    }
)
seconds = st.sampled_from([1e-3, 6e-3, 0.04, 0.3, 5.0])


@given(seconds, factors, st.sampled_from([64, 256, 1024]), st.integers(1, 4))
@LAWS
def test_it_settles_on_few_cells_and_is_never_worse_than_the_guess(
    seconds: float, factors: dict[str, float], peak: int, workers: int
) -> None:
    machine, race = Machine(seconds, factors, peak), Race(GUESS, changes(), workers)
    machine.run(race)
    assert race.is_settled and race.plan == race.best and race.cells is None
    assert machine.speed(race.best, workers) >= machine.speed(GUESS, workers)
    assert len(machine.tried) == len(set(machine.tried))  # nothing is timed twice


@given(seconds, factors, st.integers(1, 4))
@LAWS
def test_with_one_cause_a_change_it_finds_the_fastest(
    seconds: float, factors: dict[str, float], workers: int
) -> None:
    """Causes that multiply: each change is judged alone, to within the noise."""
    machine = Machine(seconds, factors)
    race = Race(GUESS, [without("fold"), without("head"), other_format, one_wide_worker], workers)
    machine.run(race)
    every = [
        replace(GUESS, rewrites=frozenset(on), channels_last=last, wide=wide)
        for on in ((), ("fold",), ("head",), ("fold", "head"))
        for last in (False, True)
        for wide in (False, True)
    ]
    best = max(machine.speed(plan, workers) for plan in every)
    assert machine.speed(race.best, workers) >= 0.97**4 * best


@pytest.mark.parametrize("peak", [8, 32, 128, 512, 2048, 4096])
def test_batches_go_on_growing_or_shrinking_while_it_helps(peak: int) -> None:
    race = Race(Plan(256), [scaled(2, 4096), scaled(0.5, 4096)], 2)
    Machine(1e-3, {}, peak).run(race)
    assert race.best.limit == peak


def test_what_is_faster_by_less_than_the_noise_stays_out() -> None:
    race = Race(GUESS, [without("fold")], 2)
    Machine(1e-3, {"fold": 1.02}).run(race)
    assert race.best == GUESS


def test_without_changes_it_is_settled() -> None:
    race = Race(GUESS, [], 2)
    assert race.is_settled and race.cells is None and race.plan == GUESS
    race.tell([1.0])
    assert race.plan == GUESS


def test_slow_cells_are_timed_one_a_worker() -> None:
    race = Race(GUESS, [without("fold")], 2)
    assert race.cells == 2
    race.tell([3.0, 3.0])
    assert race.plan == replace(GUESS, rewrites=frozenset({"head"}))


def test_quick_cells_are_timed_after_the_first_of_each_worker() -> None:
    """The first fills caches: 1 s here, which would decide everything."""
    race = Race(Plan(8), [lambda plan: replace(plan, limit=16)], 1)
    race.tell([0.04])
    race.tell([0.001] * 100)
    race.tell([0.04])
    race.tell([0.002] * 40)
    assert race.is_settled and race.best.limit == 8


def test_the_wide_worker_counts_as_one() -> None:
    """Half the time on both cores is no gain over two cells at once."""
    machine = Machine(0.01, {"wide": 0.6})
    race = Race(Plan(256), [one_wide_worker], 2)
    machine.run(race)
    assert not race.best.wide
    machine = Machine(0.01, {"wide": 0.4})
    race = Race(Plan(256), [one_wide_worker], 2)
    machine.run(race)
    assert race.best.wide


def test_nothing_told_changes_nothing() -> None:
    """Every cell of an ask may have been cancelled."""
    race = Race(GUESS, changes(), 2)
    race.tell([])
    assert race.plan == GUESS and race.cells == 2


def test_each_change_says_when_there_is_nothing_to_change() -> None:
    plain = Plan()
    assert without("fold")(plain) is None and scaled(2, 100)(plain) is None
    assert one_wide_worker(Plan(wide=True)) is None
    assert scaled(2, 100)(Plan(100)) is None and scaled(0.5, 100)(Plan(8)) is None
    assert scaled(2, 100)(Plan(64)) == Plan(100)
    assert other_format(GUESS) == replace(GUESS, channels_last=False)


def test_several_cells_together_leave_no_room_for_rewrites() -> None:
    plan = several_together(4)(GUESS)
    assert plan == Plan(256, together=4) and plan.has_guests


@pytest.mark.parametrize(
    ("plan", "guests"),
    [
        (Plan(), False),
        (Plan(8, wide=True), False),
        (Plan(channels_last=True), True),
        (Plan(together=2), True),
    ],
)
def test_batches_and_threads_are_no_guests(plan: Plan, guests: bool) -> None:
    assert plan.has_guests == guests
