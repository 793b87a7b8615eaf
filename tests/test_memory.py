from collections import deque
from dataclasses import replace

import numpy as np

from landscape_widget.live.maps import grow
from landscape_widget.live.memory import Memory, Prepared
from landscape_widget.surface.patch import Patch
from tests.live_cases import Slope, facts, never, request
from tests.map_cases import Curved

TENSORS = {"weight": np.zeros(1000)}


class Preparing:
    """Counts what it prepares; each scene holds three tensors of 8 kB and counts for six."""

    def __init__(self) -> None:
        self.seeds: list[int] = []

    def __call__(self, scene) -> Prepared:
        self.seeds.append(scene.directions[0].seed)
        large = replace(facts(), directions=(TENSORS, TENSORS), origin=TENSORS, nbytes=40_000)
        return Prepared(Slope(), large)


def everything(surface) -> Patch:
    cells = np.arange(len(surface.states))
    values = surface.coordinates(cells) @ np.array([[1.0], [10.0]])
    return Patch(cells, values.T, 0 * values.T, np.full((1, len(cells)), 100), np.ones(len(cells), np.uint8))


def known(memory: Memory, seed: int):
    its_facts = memory.scene(request(seed=seed).scene).facts
    surface = memory.start(request(seed=seed), its_facts)
    memory.remember(request(seed=seed), surface.tell(everything(surface)))
    return memory.surface(request(seed=seed))


def test_a_scene_is_prepared_once():
    prepared = Preparing()
    memory = Memory(prepared)
    assert memory.scene(request().scene) is memory.scene(request().scene)
    assert prepared.seeds == [0] and memory.holds(request().scene)


def test_scenes_beyond_the_budget_are_dropped_but_their_values_stay():
    prepared = Preparing()
    memory = Memory(prepared, budget=100_000)
    for seed in range(3):
        assert known(memory, seed).directions
    assert not memory.holds(request(seed=0).scene) and memory.holds(request(seed=1).scene)
    dropped = memory.surface(request(seed=0))
    assert dropped.is_done and dropped.directions == () and dropped.origin == {}


def test_coming_back_to_a_dropped_scene_gives_its_tensors_back():
    memory = Memory(Preparing(), budget=100_000)
    for seed in range(3):
        known(memory, seed)
    its_facts = memory.scene(request(seed=0).scene).facts
    again = memory.start(request(seed=0), its_facts)
    assert again.is_done and again.directions[0] is TENSORS and again.origin is TENSORS


def test_the_scene_in_use_is_kept_however_large():
    memory = Memory(Preparing(), budget=1)
    memory.scene(request().scene)
    assert memory.holds(request().scene)


def test_where_one_stops_is_no_part_of_what_is_known():
    memory = Memory(Preparing())
    done = known(memory, 0)
    assert memory.surface(replace(request(), tolerance=0.1)) is done


def test_a_forgotten_scene_is_prepared_still_but_nothing_of_it_is_known():
    prepared = Preparing()
    memory = Memory(prepared)
    for seed in range(2):
        known(memory, seed)
    memory.forget(request(seed=0).scene)
    assert memory.surface(request(seed=0)) is None and memory.surface(request(seed=1)).is_done
    assert memory.holds(request(seed=0).scene) and prepared.seeds == [0, 1]


def test_a_forgotten_scene_keeps_its_maps_which_are_measured_by_somebody_else():
    memory, curved = Memory(Preparing()), Curved()
    prepared = curved.prepare(request().scene)
    surface = memory.start(request(), prepared.facts, prepared.maps)
    growth = deque(
        grow("curvature", prepared.maps["curvature"], surface.maps["curvature"], curved.clock, never), 1
    )
    memory.remember(request(), surface.tell(everything(surface)).with_map("curvature", growth[0].surface))
    memory.forget(request().scene)
    again = memory.start(request(), prepared.facts, prepared.maps)
    assert not again.known.any() and again.maps["curvature"].is_done


def test_how_it_was_computed_stays_with_a_surface_one_comes_back_to():
    memory = Memory(Preparing())
    done = known(memory, 0)
    memory.remember(request(), replace(done, settings={"engine": {"batch": 7}}))
    its_facts = memory.scene(request().scene).facts
    again = memory.start(request(), replace(its_facts, settings={"seed": 0}))
    assert again.settings == {"engine": {"batch": 7}, "seed": 0}


def test_the_least_recently_used_surface_goes_first():
    memory = Memory(Preparing(), most=2)
    for seed in (0, 1, 0, 2):
        known(memory, seed)
    assert [memory.surface(request(seed=seed)) is None for seed in range(3)] == [False, True, False]


def test_scenes_are_dropped_by_number_however_small():
    memory = Memory(Preparing(), most=2)
    for seed in (0, 1, 0, 2):
        memory.scene(request(seed=seed).scene)
    assert [memory.holds(request(seed=seed).scene) for seed in range(3)] == [True, False, True]


def test_a_scene_that_is_dropped_ends_what_it_holds_elsewhere():
    ended, prepared = [], Preparing()

    def prepare(scene):
        return replace(prepared(scene), close=lambda: ended.append(scene.directions[0].seed))

    memory = Memory(prepare, budget=100_000)
    for seed in range(3):
        known(memory, seed)
    assert ended == [0]
    memory.close()
    memory.close()
    assert ended == [0, 1, 2] and memory.surface(request(seed=2)).is_done
