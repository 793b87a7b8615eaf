from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.command.words import extent, lowest, standing
from landscape_widget.export.numbers import format_duration
from landscape_widget.facts import MetricFacts
from landscape_widget.live.maps import Standing
from landscape_widget.live.report import Report
from landscape_widget.values import State
from tests.command_cases import known


def test_before_the_first_cell_the_directions_are_prepared():
    assert standing(Report(1, "preparing", "directions"), None) == "preparing the directions"


def test_a_run_stands_at_a_level_with_a_pace_and_a_time_left():
    report = Report(1, "computing", "cells", surface=known(40), remaining=125.0)
    assert standing(report, 20.5) == (
        "5×5 of 9×9 · 40 of 81 cells · 20 cells/s · 2 min 5 s left · lowest loss 0.5"
    )


def test_before_the_first_level_there_is_none_to_name():
    assert extent(known(3)) == "9×9 · 3 of 81 cells"


def test_what_is_whole_counts_its_cells_once():
    assert extent(known(81)) == "9×9 · 81 cells"


def test_cells_that_failed_are_counted():
    surface = known(81)
    states = surface.states.copy()
    states[:3] = State.FAILED
    assert extent(replace(surface, states=states)) == "9×9 · 81 cells, 3 failed"


def test_slow_cells_are_told_in_seconds_each():
    assert "12 s a cell" in standing(Report(1, "computing", surface=known(3)), 1 / 12)


def test_the_lowest_loss_is_that_of_finite_cells():
    surface = known(3)
    values = surface.values.copy()
    values[0, :4] = [np.nan, 3.0, -np.inf, np.inf]
    assert lowest(replace(surface, values=values)) == "lowest loss 0.5"
    assert lowest(replace(surface, values=np.full_like(values, np.nan))) == ""


def test_a_map_under_way_is_what_is_told():
    curvature = replace(known(25), metrics=(MetricFacts("curvature", "", 100),))
    surface = known(81).with_map("curvature", curvature)
    report = Report(1, "computing", "map", surface=surface, remaining=3.0)
    report = replace(report, maps=(Standing("curvature", "measuring"),))
    assert standing(report, 100.0) == "map 'curvature' · 5×5 of 9×9 · 25 of 81 cells · 3 s left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "under 1 s"),
        (1.5, "2 s"),
        (59.5, "1 min"),
        (65, "1 min 5 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (360000, "100 h"),
    ],
)
def test_durations_are_written_as_in_the_browser(seconds, words):
    assert format_duration(seconds) == words
