"""Does pandas' plain reader find each value at its place, bit for bit, with its error, samples and state?"""

import csv
import json

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests.fixtures import make_protocol
from tests.test_files import some_surface


def a_plus_10b():
    """A non-square 7 × 5 grid of a + 10 b, and the origin."""
    grid = Grid(Axis(0, 6, 7), Axis(0, 4, 5))
    values = grid.coordinates(np.arange(35)) @ [1.0, 10.0]
    values = np.append(values, 0.0)[None]
    counts, states = np.full((1, 36), 8), np.full(36, State.EXACT, np.uint8)
    origin = Point("origin", (0.0, 0.0))
    return Surface(
        grid, (MetricFacts("loss", "", 8),), (origin,), 8, values, np.ones((1, 36)), counts, states
    )


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_grid_that_is_not_square_lands_untransposed(tmp_path):
    cells = rows(a_plus_10b().save(tmp_path / "run.csv"))
    assert len(cells) == 36
    for cell in cells:
        assert float(cell["loss"]) == float(cell["x"]) + 10 * float(cell["y"])
    assert [(float(cell["x"]), float(cell["y"])) for cell in cells[:8]] == [
        *((i, 0) for i in range(7)),
        (0, 1),
    ]
    assert [cell["point"] for cell in cells] == [""] * 35 + ["origin"]


@pytest.mark.parametrize("line", [False, True])
def test_every_number_comes_back_as_the_same_float(tmp_path, line):
    surface = some_surface(line)
    cells = rows(surface.save(tmp_path / "run.csv"))
    known = surface.states != State.UNKNOWN
    assert [cell["state"] for cell in cells] == [State(state).name.lower() for state in surface.states]
    assert [cell["point"] for cell in cells[surface.grid.size :]] == ["origin", "a/b"]
    for row, fact in enumerate(surface.metrics):
        read = np.array([float(cell[fact.name] or -99) for cell in cells])
        assert np.array_equal(read[known], surface.values[row, known], equal_nan=True)
        assert not known[read == -99].any()
        counts = [int(cell[f"{fact.name} samples"]) for cell in cells]
        assert np.array_equal(np.array(counts)[known], surface.counts[row, known])
    errors = [float(cell["loss standard error"] or np.nan) for cell in cells[: surface.grid.size]]
    grid = known[: surface.grid.size]
    assert np.array_equal(np.array(errors)[grid], surface.standard_error["loss"].ravel()[grid])
    assert ("y" in cells[0]) != line


def test_the_fixture_both_languages_read_is_what_is_written(tmp_path):
    surface, _ = make_protocol.plane()
    with surface.save(tmp_path / "surface.csv").open(newline="") as file:
        written = list(csv.reader(file))
    stored = make_protocol.FOLDER.parent / "table" / "surface.json"
    assert json.loads(stored.read_text()) == written, f"If the table is to change, write it to {stored}."


def test_pandas_reads_it_as_it_is(tmp_path):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(a_plus_10b().save(tmp_path / "run.csv"))
    assert np.array_equal(table["loss"], table["x"] + 10 * table["y"])
    assert table["loss"].dtype == table["x"].dtype == np.float64
