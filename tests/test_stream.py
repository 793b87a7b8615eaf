"""How often is a surface told whole, and is the last one always all there is?"""

import threading
from dataclasses import replace
from itertools import count

import numpy as np

from landscape_widget.facts import MetricFacts
from landscape_widget.live.report import Report
from landscape_widget.live.stream import Stream
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from tests.fake_host import Later
from tests.live_cases import METRICS, facts, request

CURVATURE = (MetricFacts("curvature", "", 100),)


def patch(*cells: int) -> Patch:
    at = np.array(cells)
    values = at[None].astype(float)
    return Patch(at, values, values * 0, np.ones((1, len(at)), int), np.ones(len(at), np.uint8))


def opening(generation: int = 1) -> Report:
    asked = request()
    surface = Surface.empty(asked.grid, METRICS, points=facts().points, samples=100)
    return Report(generation, "computing", request=asked, surface=surface, facts=facts(), opens=True)


def grown(report: Report, *cells: int, map: str | None = None) -> Report:
    assert report.surface is not None
    more = patch(*cells)
    if map is None:
        return replace(report, surface=report.surface.tell(more), patch=more, opens=False)
    held = report.surface.maps.get(map, Surface.empty(report.surface.grid, CURVATURE, samples=100))
    maps = {**report.surface.maps, map: held.tell(more)}
    return replace(report, surface=replace(report.surface, maps=maps), patch=more, map=map, opens=False)


def stream():
    told: list[list] = []
    later = Later()
    return Stream(told.append, later, threading.RLock(), count(1)), told, later


def known(message) -> list[int]:
    """The cells that are told as measured."""
    return np.flatnonzero(np.frombuffer(message.buffers[7], "u1")[:81] == 1).tolist()


def draw(line: Stream, messages) -> None:
    for message in messages:
        line.acknowledge(message.content["generation"], message.content["sequence"])


def test_the_first_leaves_at_once_and_the_next_when_it_is_drawn_and_some_time_has_passed():
    line, told, later = stream()
    line.put(opening())
    line.put(first := grown(opening(), 0, 1))
    draw(line, told[0])
    assert [known(message) for message in told[0]] == [[]] and len(told) == 1
    line.put(grown(first, 2))
    later.pass_time()
    assert [known(message) for message in told[1]] == [[0, 1, 2]]


def test_without_a_word_that_it_was_drawn_the_next_leaves_later():
    line, told, later = stream()
    line.put(opening())
    line.put(grown(opening(), 0))
    later.pass_time()
    assert len(told) == 1
    later.pass_time()
    assert [known(message) for message in told[1]] == [[0]]


def test_a_drawing_that_takes_longer_is_waited_for_no_longer_than_needed():
    line, told, later = stream()
    line.put(opening())
    line.put(grown(opening(), 0))
    later.pass_time()
    draw(line, told[0])
    assert [known(message) for message in told[1]] == [[0]]


def test_all_surfaces_that_have_grown_leave_together():
    line, told, later = stream()
    line.put(opening())
    line.put(both := grown(grown(opening(), 0), 5, map="curvature"))
    line.put(replace(both, patch=patch(0), map=None))
    later.pass_time()
    later.pass_time()
    assert {message.content["map"]: known(message) for message in told[1]} == {None: [0], "curvature": [5]}
    assert [message.content["sequence"] for message in told[1]] == [2, 3]


def test_a_new_request_drops_what_waits_for_the_old_one():
    line, told, later = stream()
    line.put(opening())
    line.put(grown(grown(opening(), 0), 5, map="curvature"))
    line.put(opening(2))
    later.pass_time()
    later.pass_time()
    assert [(message.content["map"], message.content["generation"]) for message in told[1]] == [(None, 2)]


def test_a_closed_stream_tells_nothing():
    line, told, later = stream()
    line.put(opening())
    line.put(grown(opening(), 0))
    line.close()
    later.pass_time()
    draw(line, told[0])
    assert len(told) == 1
