"""Do draws show their mean and their band, and a barrier its chord, its height and its words?"""

import numpy as np
import pytest
from export_cases import line, named, subtitle, texts

from landscape_widget.facts import MetricFacts

MODELS = (("origin", 0.0), ("other", 1.0))
STEEPNESS = (1.0, 2.0, 6.0)


def draws(names=("loss", "test_loss"), steepness=STEEPNESS):
    """Parabolas, one a draw: ``1 + steepness · a²``, the test set 1 higher."""
    metrics = tuple(
        MetricFacts(name + (f" #{k}" if k else ""), "", 100, k)
        for k in range(len(steepness))
        for name in names
    )
    functions = [
        lambda a, bend=bend, shift=shift: 1 + shift + bend * a**2
        for bend in steepness
        for shift, _ in enumerate(names)
    ]
    return line(functions, low=-1, high=1, metrics=metrics)


def test_draws_are_thin_their_mean_is_thick_and_a_band_spans_them():
    figure = draws(("loss",)).figure(scale="linear")
    x = np.linspace(-1, 1, 41)
    for number, bend in enumerate(STEEPNESS, 1):
        drawn = named(figure, f"draw {number}")
        assert drawn.y == pytest.approx(1 + bend * x**2)
        assert drawn.line.width == 1 and not drawn.showlegend
    mean = named(figure, "loss, 3 draws: mean, lowest to highest")
    assert mean.y == pytest.approx(1 + 3 * x**2)
    assert mean.line.width == 3
    band = named(figure, "lowest to highest")
    assert band.fill == "toself"
    assert band.y[:41] == pytest.approx(1 + 6 * x**2)
    assert band.y[41:][::-1] == pytest.approx(1 + x**2)
    assert mean.customdata[0] == pytest.approx([4, 2, 7])


def test_the_test_set_s_draws_are_dashed_and_the_axis_holds_them_all():
    figure = draws().figure(scale="linear")
    assert named(figure, "test loss, 3 draws: mean, lowest to highest").line.dash == "dash"
    assert sorted(t.line.dash for t in figure.data if t.name == "draw 1") == ["dash", "solid"]
    low, high = figure.layout.yaxis.range
    assert low < 1 and high > 8


def test_the_mean_has_a_gap_where_one_draw_is_not_finite():
    surface = draws(("loss",))
    values = surface.values.copy()
    values[1, 3] = np.nan
    figure = type(surface)(**{**surface.__dict__, "values": values}).figure(scale="linear")
    mean = named(figure, "loss, 3 draws: mean, lowest to highest")
    assert np.flatnonzero(np.isnan(mean.y)).tolist() == [3]
    assert len([t for t in figure.data if t.name == "lowest to highest"]) == 2
    assert list(named(figure, "not finite").x) == [surface.x[3]]


def test_one_draw_is_asked_for_by_the_name_of_all():
    assert draws().figure(metric="loss #2").layout.yaxis.title.text == "loss"


def hill(a):
    return 0.5 + 4 * a * (1 - a) + a


def test_a_barrier_is_drawn_from_its_chord_and_told():
    figure = line([hill], points=MODELS).figure(scale="linear")
    chord = named(figure, "chord")
    assert (chord.x[0], chord.x[-1]) == (0, 1)
    assert chord.y == pytest.approx(0.5 + chord.x)
    assert chord.line.dash == "dot"
    height = named(figure, "barrier")
    assert list(height.x) == [0.5, 0.5]
    assert list(height.y) == pytest.approx([1, 2])
    assert "barrier 1" in texts(figure)
    assert "barrier 1 at 0.5; not monotone: rises by 0.56 at 0.6" in subtitle(figure)


def test_on_a_logarithmic_axis_the_chord_is_bent_where_it_should_be():
    chord = named(line([hill], points=MODELS, low=0, high=1).figure(scale="log"), "chord")
    assert chord.y == pytest.approx(np.log10(0.5 + chord.x))


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (lambda a: 1 + a**2, "no barrier; monotone"),
        (lambda a: 1 + a + a * (1 - a), "barrier 0.25 at 0.5; monotone"),
        (lambda a: (a - 0.5) ** 2, "no barrier; not monotone: rises by 0.25 at 1"),
    ],
)
def test_its_words_say_whether_there_is_one_and_whether_it_falls_all_the_way(loss, words):
    assert words in subtitle(line([loss], points=MODELS).figure())


def test_without_a_barrier_only_the_chord_is_drawn():
    names = [trace.name for trace in line([lambda a: 1 + a**2], points=MODELS).figure().data]
    assert "chord" in names and "barrier" not in names


def test_an_infinite_barrier_ends_where_the_axis_does():
    wall = line([lambda a: np.where(np.abs(a - 0.5) < 0.1, np.inf, 1 + a)], points=MODELS)
    figure = wall.figure(scale="linear")
    assert "barrier ∞" in texts(figure)
    assert named(figure, "barrier").y[1] == pytest.approx(2.5)


def test_a_line_without_another_model_has_none():
    figure = line([hill]).figure()
    assert "chord" not in [trace.name for trace in figure.data]
    assert "barrier" not in subtitle(figure)


def test_an_accuracy_has_none_either():
    figure = line([hill, lambda a: 90 - a], points=MODELS).figure(metric="accuracy")
    assert "barrier" not in subtitle(figure)


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("frozen", "BatchNorm frozen"),
        ("reestimate", "BatchNorm re-estimated"),
        ("interpolate", "BatchNorm interpolated"),
    ],
)
def test_the_subtitle_says_how_batch_norm_is_treated(mode, words):
    assert words in subtitle(line([hill], settings={"batch_norm": mode}).figure())


def test_each_axis_says_its_own_normalization():
    settings = {
        "labels": ["random, seed 0"],
        "normalization": "filter",
        "directions": [{"key": "random", "seed": 0, "normalization": "layer"}],
    }
    title = line([hill], settings=settings).figure().layout.xaxis.title.text
    assert title == "direction 1: random, seed 0 (layer-normalized steps)"
