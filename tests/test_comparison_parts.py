import json
import math
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts
from landscape_widget.live.common_range import widest
from landscape_widget.live.comparing import (
    asked_of,
    asked_of_all,
    cell_of,
    common_choices,
    matrix_of,
)
from landscape_widget.live.comparison_table import as_json, table_row
from landscape_widget.live.joint_status import joint_status
from landscape_widget.live.report import Phase, Report
from landscape_widget.live.request import Option
from landscape_widget.live.status import status_content
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.comparison_cases import REPEATED, entry
from tests.live_cases import CHOICES, METRICS, TRAITS, facts
from tests.map_cases import COLUMNS

FROZEN = (Option("frozen", "frozen", ""),)


def measured(surface: Surface, values: np.ndarray) -> Surface:
    """The surface with all of its cells, and its points, measured."""
    cells = values.shape[1]
    return surface.tell(
        Patch(
            np.arange(cells),
            values,
            np.zeros_like(values),
            np.full(values.shape, 100),
            np.full(cells, State.EXACT, np.uint8),
        )
    )


def lines(*factors: float) -> Surface:
    """Parabolas on (−1, 1)."""
    axis = Axis(-1.0, 1.0, 33)
    metrics = tuple(MetricFacts("loss" if not i else f"loss #{i}", "", 100, i) for i in range(len(factors)))
    empty = Surface.empty(Grid(axis), metrics, samples=100)
    return measured(empty, np.array(factors)[:, None] * axis.coordinates**2)


def picture(loss: float = 0.25, accuracy: float = 97.5) -> Surface:
    metrics = (METRICS[0], MetricFacts("accuracy", "%", 100), MetricFacts("test_accuracy", "%", 50))
    grid = Grid(Axis(-1.0, 1.0, 5), Axis(-1.0, 1.0, 5))
    empty = Surface.empty(grid, metrics, points=facts().points, samples=100)
    return measured(empty, np.tile([[loss], [accuracy], [90.0]], 26))


def test_a_paths_presets_are_offered_where_every_member_has_one():
    plain = entry("c", choices=replace(CHOICES, presets=CHOICES.presets[:1], has_trajectory=False))
    all_have = common_choices([entry("a"), entry("b")])
    assert all_have.presets == CHOICES.presets and all_have.has_trajectory
    one_has_none = common_choices([entry("a"), plain])
    assert [preset.key for preset in one_has_none.presets] == ["paper"] and not one_has_none.has_trajectory


def test_titles_are_text_or_places_in_a_matrix():
    assert matrix_of(["a", "b"]) is None and cell_of("a", None) is None
    titles = [("deep", 1), ("shallow", 1), ("deep", 2)]
    matrix = matrix_of(titles)
    assert matrix == (["deep", "shallow"], ["1", "2"])
    assert [cell_of(title, matrix) for title in titles] == [[0, 0], [1, 0], [0, 1]]


@pytest.mark.parametrize(
    "titles, got", [(["a", ("b", "c")], "'a'"), ([("a", "b", "c")], r"\('a', 'b', 'c'\)"), ([1, 2], "1")]
)
def test_titles_of_another_kind_are_refused(titles, got):
    with pytest.raises(ValueError, match=f"either all text or all \\(row, column\\); got {got}"):
        matrix_of(titles)


def test_two_members_at_one_place_are_refused():
    with pytest.raises(ValueError, match=r"got two for \('deep', '1'\)"):
        matrix_of([("deep", 1), ("deep", "1")])


def test_what_is_asked_of_all_is_what_the_first_without_its_own_was_asked():
    own = entry("a", request={**TRAITS, "x": (-0.5, 0.5)}, own=frozenset({"x"}))
    other = entry("b", request={**TRAITS, "normalization": "none"})
    asked = asked_of_all([own, other])
    assert asked["x"] == (-1.0, 1.0) and asked["normalization"] == "filter"


def test_the_ranges_hold_those_of_all_and_samples_are_the_most():
    here = entry("a", request={**TRAITS, "x": (-0.1, 0.9), "samples": 40})
    there = entry("b", request={**TRAITS, "x": (-0.5, 0.4)})
    asked = asked_of_all([here, there])
    assert asked["x"] == (-0.5, 0.9) and asked["y"] == (-1.0, 1.0) and asked["samples"] == 100


def test_a_member_keeps_what_it_was_given_for_itself():
    own = entry("a", own=frozenset({"x", "normalization"}))
    taken = asked_of(own, {**TRAITS, "x": (-2.0, 2.0), "normalization": "none", "y": (-3.0, 3.0)})
    assert "x" not in taken and "normalization" not in taken and taken["y"] == (-3.0, 3.0)


def test_a_member_takes_what_it_can_of_what_is_asked_of_all():
    small = entry("a", choices=replace(CHOICES, size=40, batch_norms=FROZEN))
    asked = {
        **TRAITS,
        "samples": 100,
        "directions": [{"key": "given 0", "seed": 0}],
        "batch_norm": "interpolate",
    }
    taken = asked_of(small, asked)
    assert taken["samples"] == 40
    assert "directions" not in taken and "batch_norm" not in taken
    assert asked_of(small, {**TRAITS, "batch_norm": "frozen"})["batch_norm"] == "frozen"


def test_controls_offer_what_all_members_have():
    given = Option("given 0", "towards b", "")
    accuracy = MetricFacts("accuracy", "%", 100)
    directions, metrics = (*CHOICES.directions, given), (*METRICS, accuracy)
    rich = entry("a", choices=replace(CHOICES, directions=directions, metrics=metrics, batch_norms=()))
    large = entry("b", choices=replace(CHOICES, size=400, batch_norms=FROZEN))
    choices = common_choices([rich, large])
    assert [option.key for option in choices.directions] == ["random", "gradient"]
    assert [metric.name for metric in choices.metrics] == ["loss"]
    assert choices.size == 400 and choices.batch_norms == FROZEN


def test_directions_of_the_first_stay_on_offer():
    given = Option("given 0", "towards b", "")
    directions = [{"key": "given 0", "seed": 0, "normalization": None}]
    with_it = replace(CHOICES, directions=(*CHOICES.directions, given))
    first = entry(
        "a", choices=with_it, request={**TRAITS, "directions": directions}, own=frozenset({"directions"})
    )
    second = entry("b", request={**TRAITS, "directions": directions}, own=frozenset({"directions"}))
    assert "given 0" in [option.key for option in common_choices([first, second]).directions]


def status(phase: Phase, **changes):
    return status_content(Report(1, phase), 100) | changes


@pytest.mark.parametrize(
    "phases, together",
    [
        (["computing", "done"], "computing"),
        (["failed", "computing"], "computing"),
        (["paused", "paused"], "paused"),
        (["done", "failed"], "done"),
        (["failed", "failed"], "failed"),
    ],
)
def test_all_stand_where_the_one_that_still_runs_does(phases, together):
    assert joint_status([status(phase) for phase in phases], 100)["phase"] == together


def test_all_are_as_coarse_as_the_coarsest_that_runs_and_as_far_as_all_of_them():
    fine = status("computing", level=2, known=80, cells=100, drawn=[9, 9], remaining=2.0, where="cpu")
    coarse = status("computing", level=0, known=25, cells=100, drawn=[5, 5], remaining=7.0, where="cpu")
    dead = status("failed", level=-1, known=0, cells=100, drawn=None)
    joint = joint_status([fine, coarse, dead], 100)
    assert joint["level"] == 0 and joint["drawn"] == [5, 5]
    assert (joint["known"], joint["cells"], joint["remaining"], joint["where"]) == (105, 300, 7.0, "cpu")


def a_map(phase, **changes):
    one = {"key": "curvature", "phase": phase, "cost": None, "remaining": None, "note": "", "known": 5}
    more = {"cells": 25, "level": -1, "resolution": [5, 5], "samples": 64, "unconverged": 0, "settings": {}}
    return {**one, **more, **changes}


def test_a_map_of_all_costs_what_those_of_the_members_do_together():
    first = status("computing", maps=[a_map("measuring", cost=8.0, remaining=3.0, known=20, unconverged=2)])
    second = status(
        "computing", maps=[a_map("done", cost=4.0, remaining=0.0, known=25, level=0, note="Slow.")]
    )
    (joint,) = joint_status([first, second], 100)["maps"]
    assert joint == a_map(
        "measuring", cost=12.0, remaining=3.0, known=45, cells=50, unconverged=2, note="Slow."
    )


@pytest.mark.parametrize(
    "phases, together",
    [
        (["waiting", "done"], "waiting"),
        (["skipped", "done"], "done"),
        (["skipped", "skipped"], "skipped"),
        (["measuring", "waiting"], "measuring"),
    ],
)
def test_a_map_of_all_stands_where_the_one_that_is_still_measured_does(phases, together):
    statuses = [status("computing", maps=[a_map(phase)]) for phase in phases]
    assert joint_status(statuses, 100)["maps"][0]["phase"] == together
    assert joint_status([*statuses, status("computing")], 100)["maps"][0]["cost"] is None


def test_a_map_that_not_all_have_is_not_on_offer():
    with_it = replace(CHOICES, maps={"curvature": COLUMNS})
    both = common_choices([entry("a", choices=with_it), entry("b", choices=with_it)])
    assert both.maps == {"curvature": COLUMNS}
    assert common_choices([entry("a", choices=with_it), entry("b")]).maps == {}


def test_the_widest_range_holds_those_of_all():
    assert widest([((-1.0, 2.0), "too flat"), ((-3.0, 1.0), "too flat")]) == ((-3.0, 2.0), "too flat")
    assert widest([((-1.0, 2.0),), ()]) == ((-1.0, 2.0),) and widest([(), ()]) == ()


def test_a_row_knows_the_origin_and_the_median_width_over_the_lines():
    both = entry("a", about="wd 0", choices=replace(CHOICES, metrics=picture().metrics))
    row = table_row(both, picture(), lines(1.0, 4.0, 16.0))
    assert row["title"] == "a" and row["about"] == "wd 0" and row["norm"] == 2.0
    assert (row["loss"], row["accuracy"], row["test_error"]) == (0.25, 97.5, 10.0)
    assert row["width_1.0"] == pytest.approx(1.0) and row["width_1.0_low"] == pytest.approx(0.5)
    assert row["width_1.0_high"] == pytest.approx(2.0) and row["width_1.0_open"] is False
    assert row["width_0.1"] == pytest.approx(2 * math.sqrt(0.1 / 4), rel=0.05)


def test_a_valley_that_goes_on_beyond_the_line_is_open():
    row = table_row(entry("a"), None, lines(0.01, 0.02, 16.0))
    assert row["width_1.0_open"] is True and row["width_1.0"] == 2.0


def test_what_is_not_known_yet_is_none_and_what_never_will_be_is_not_there():
    row = table_row(entry("a"), None, None)
    assert row["loss"] is None and row["width_0.1"] is None
    assert not {"accuracy", "test_error"} & row.keys()
    unfinished = Surface.empty(Grid(Axis(-1.0, 1.0, 33)), REPEATED, samples=100)
    assert table_row(entry("a"), None, unfinished)["width_0.1"] is None


def test_a_loss_that_is_not_finite_has_no_width_and_reaches_the_browser_as_a_name():
    row = table_row(entry("a"), picture(loss=math.inf), lines(math.nan))
    assert row["loss"] == math.inf and row["width_0.1"] is None
    (sent,) = as_json([row])
    assert sent["loss"] == "Infinity" and json.dumps(sent, allow_nan=False)
