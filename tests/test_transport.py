"""Does a widget work where comms come between cells only, messages never, and of a trait the last value?"""

import threading
import time

import numpy as np
import pytest
import torch

import landscape_widget as lw
from landscape_widget.live.engine import Engine
from landscape_widget.live.library import Library
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.live.work import Work
from landscape_widget.values import State
from tests.comparison_cases import candidate, compared
from tests.fake_host import BetweenCells, Later
from tests.live_cases import CHOICES, TRAITS, Slope


@pytest.fixture
def slope():
    return Slope()


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def widget(slope, later):
    engine = Engine()
    engine.start()
    options = TRAITS | {"transport": "traits"}
    made = LandscapeWidget(
        engine, Work(slope.prepare, time.monotonic), CHOICES, options, Library(), later=later
    )
    yield made
    slope.release()
    made.close()
    engine.close()


def hill(x, y):
    return np.add.outer(10 * y, x).astype("f4")


def time_passes(later) -> None:
    """As long as nobody says that anything was drawn."""
    later.pass_time()
    later.pass_time()


def test_after_the_cell_the_surface_is_there_whole_though_a_hundred_values_were_overtaken(widget, later):
    host = BetweenCells(widget)
    host.page.say(kind="hello", visible=True)
    surface = widget.wait()
    time_passes(later)
    assert host.page.surfaces == {}
    host.end_cell()
    drawn = host.page.surfaces[None]
    assert np.array_equal(drawn.loss, hill(surface.x, surface.y))
    assert (drawn.states == State.EXACT).all()
    assert host.page.state["status"]["phase"] == "done"
    assert host.lost == 0


def test_what_was_read_is_told_no_more(widget, later):
    host = BetweenCells(widget)
    widget.wait()
    time_passes(later)
    host.end_cell()
    time_passes(later)
    host.end_cell()
    assert widget.told["letters"] == []


def test_a_part_is_seen_while_the_rest_is_measured(widget, later, slope):
    host = BetweenCells(widget)
    slope.hold(after=30)
    widget.resolution = (17, 17)
    assert slope.held.wait(10)
    time_passes(later)
    host.end_cell()
    drawn = host.page.surfaces[None]
    measured = (drawn.states == State.EXACT).reshape(drawn.loss.shape)
    assert 0 < measured.sum() < 289
    assert np.array_equal(drawn.loss[measured], hill(drawn.x, drawn.y)[measured])


def test_a_slider_and_a_button_act_when_the_cell_has_ended(widget, later, slope):
    host = BetweenCells(widget)
    widget.wait()
    slope.hold(after=10)
    host.page.set(x=[-2.0, 2.0])
    host.page.say(kind="pause")
    assert widget.x == (-1.0, 1.0)
    host.end_cell()
    assert widget.x == (-2.0, 2.0)
    assert widget.status["phase"] == "paused"
    slope.release()
    host.page.say(kind="resume")
    host.end_cell()
    widget.wait()
    time_passes(later)
    host.end_cell()
    drawn = host.page.surfaces[None]
    assert (drawn.x[0], drawn.x[-1]) == (-2.0, 2.0) and (drawn.states == State.EXACT).all()


def test_a_button_that_was_told_twice_acts_once(widget):
    host = BetweenCells(widget)
    widget.wait()
    host.page.say(kind="refine_further")
    twice = host.page.written()
    widget.set_state(twice)
    widget.set_state(twice)
    assert widget.resolution == (17, 17)


def test_a_value_that_is_refused_comes_back_with_its_reason_and_a_question_is_answered(widget):
    host = BetweenCells(widget)
    host.page.set(samples=9999)
    host.page.say(kind="ping", ping=7)
    host.end_cell()
    host.end_cell()
    refusal, pong = sorted(host.page.heard, key=lambda content: content["kind"], reverse=True)
    assert refusal["name"] == "samples" and "got 9999" in refusal["reason"]
    assert (pong["kind"], pong["ping"]) == ("pong", 7)
    assert host.page.state["samples"] == 100


def test_nonsense_in_the_post_is_refused_by_name(widget):
    host = BetweenCells(widget)
    widget.set_state({"asked": {"page": 3}})
    host.end_cell()
    assert "Expected a page, how far it has read, and messages" in host.page.heard[0]["reason"]


def test_a_page_that_hears_no_message_asks_for_traits_and_gets_all_that_is_known(widget, later):
    widget.transport = "messages"
    surface = widget.wait()
    host = BetweenCells(widget)
    widget._handle_custom_msg({"kind": "ping", "ping": 1}, [])
    assert host.lost == 1
    host.page.set(transport="traits")
    host.page.say(kind="hello", visible=True)
    host.end_cell()
    time_passes(later)
    host.end_cell()
    assert np.array_equal(host.page.surfaces[None].loss, hill(surface.x, surface.y))


def test_what_a_page_cannot_set_stays_the_kernels(widget):
    widget.set_state({"told": {"read": {}, "letters": []}, "transport": "pigeons"})
    assert widget.transport == "traits"


def test_two_threads_that_post_at_once_lose_nothing(widget):
    host = BetweenCells(widget)
    barrier = threading.Barrier(2)

    def refuse(name: str) -> None:
        barrier.wait()
        for number in range(200):
            widget._refuse(f"{name} {number}", "")

    threads = [threading.Thread(target=refuse, args=(name,)) for name in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    host.end_cell()
    assert {content["name"] for content in host.page.heard} >= {
        f"{name} {number}" for name in ("x", "y") for number in range(200)
    }


def test_a_comparison_and_its_members_travel_the_same_way():
    comparison = compared(candidate("a"), candidate("b"), transport="traits")
    assert [widget.transport for widget in (comparison["a"], comparison["b"])] == ["traits", "traits"]
    host = BetweenCells(comparison)
    comparison.wait()
    host.page.say(kind="ping", ping=1)
    host.end_cell()
    host.end_cell()
    assert ("pong", 1) in [(content["kind"], content.get("ping")) for content in host.page.heard]
    comparison.transport = "messages"
    comparison["b"].set_state({"transport": "traits"})  # its page has heard nothing
    assert comparison.transport == comparison["a"].transport == "traits"
    comparison.close()


def test_a_transport_that_is_not_known_is_refused_at_the_door():
    model, data = torch.nn.Linear(2, 1), (torch.zeros(4, 2), torch.zeros(4, 1))
    with pytest.raises(ValueError, match="transport must be one of 'messages', 'traits'; got 'trait'"):
        lw.explore(model, torch.nn.MSELoss(), data, transport="trait")
    with pytest.raises(ValueError, match="transport must be one of"):
        lw.compare({"a": model, "b": model}, torch.nn.MSELoss(), data, transport="trait")
    own = lw.Landscape(model, transport="traits")
    with pytest.raises(ValueError, match="An option of Landscape must be one of"):
        lw.compare({"a": model, "b": own}, torch.nn.MSELoss(), data)
