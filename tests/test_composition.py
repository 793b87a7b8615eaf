"""Does a landscape take part in what ipywidgets builds: links, boxes, interact?"""

import time

import ipywidgets
import pytest
import traitlets

from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from tests.live_cases import CHOICES, TRAITS, Slope


@pytest.fixture
def two():
    engine, slope = Engine(), Slope()
    engine.start()
    made = [
        LandscapeWidget(engine, Work(slope.prepare, time.monotonic), CHOICES, TRAITS, Library())
        for _ in range(2)
    ]
    yield made
    for widget in made:
        widget.close()
    engine.close()


def test_a_linked_range_is_measured_by_both(two):
    first, second = two
    link = ipywidgets.link((first, "x"), (second, "x"))
    first.x = (-2, 2)
    assert second.x == (-2.0, 2.0)
    assert [widget.wait().x[-1] for widget in two] == [2.0, 2.0]
    second.x = (-3, 3)
    assert first.wait().x[-1] == 3.0
    link.unlink()
    second.x = (-1, 1)
    assert first.x == (-3.0, 3.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("normalization", "none"), ("kind", "contour"), ("samples", 50), ("height", 2.0)],
)
def test_a_directional_link_goes_one_way(two, name, value):
    first, second = two
    before = getattr(first, name)
    ipywidgets.dlink((first, name), (second, name))
    setattr(first, name, value)
    assert getattr(second, name) == value
    setattr(second, name, before)
    assert getattr(first, name) == value


def test_a_value_that_makes_no_sense_does_not_cross_a_link(two):
    first, second = two
    slider = ipywidgets.IntSlider(value=100, max=1000)
    ipywidgets.link((slider, "value"), (first, "samples"))
    with pytest.raises(traitlets.TraitError, match="samples is a whole number from 1 to 100"):
        slider.value = 500
    assert first.samples == 100 and second.samples == 100


def test_a_link_in_the_browser_names_both_widgets(two):
    first, second = two
    link = ipywidgets.jslink((first, "metric"), (second, "metric"))
    assert link.source == (first, "metric") and link.target == (second, "metric")
    ipywidgets.jsdlink((first, "clip"), (second, "clip"))


def test_boxes_tabs_and_accordions_hold_them(two):
    box = ipywidgets.HBox(two)
    tab = ipywidgets.Tab([box, ipywidgets.Accordion(two[:1])])
    assert [f"IPY_MODEL_{widget.model_id}" for widget in two] == box.get_state()["children"]
    assert tab.children[0] is box


def test_interact_asks_one_thing_after_another(two):
    first, _ = two

    def look(seed):
        first.directions = [{"key": "random", "seed": seed}, {"key": "random", "seed": seed + 1}]

    controls = ipywidgets.interactive(look, seed=(0, 9))
    controls.children[0].value = 7
    assert [choice["seed"] for choice in first.directions] == [7, 8]
    assert first.wait().is_done


def test_a_numeric_control_drives_a_range(two):
    first, second = two
    reach = ipywidgets.FloatSlider(value=1, max=5)
    for widget in two:
        ipywidgets.dlink((reach, "value"), (widget, "x"), lambda value: (-value, value))
    reach.value = 4
    assert [widget.wait().x[0] for widget in (first, second)] == [-4.0, -4.0]
