"""What was prepared and known before, so that going back to a setting shows it at once? Within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from landscape_widget.facts import Facts, Sensitivity
from landscape_widget.live.keeping import Keeping, Unkept
from landscape_widget.live.maps import Map, with_maps
from landscape_widget.live.request import Request, Scene, place_of
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Track
from landscape_widget.values import Evaluate


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a scene is in torch, behind values that need none.

    Attributes:
        evaluate: measures cells.
        facts: what is true before any is measured.
        track: of the trajectory, if there is one.
        sensitivity: measures how much the treatment of BatchNorm matters, on the engine's thread; None where
            there is no choice of it.
        maps: key → what else is measured, on grids of their own.
        at_once: cells that ``evaluate`` measures at the same time.
        close: ends what ``evaluate`` and the maps hold elsewhere.
        preview: measures a preview, where that is somebody else's.
    """

    evaluate: Evaluate
    facts: Facts
    track: Track | None = None
    sensitivity: Callable[[Callable[[], bool]], Sensitivity | None] | None = None
    maps: Mapping[str, Map] = field(default_factory=dict)
    at_once: int = 1
    close: Callable[[], None] = lambda: None
    preview: Evaluate | None = None


Prepare = Callable[[Scene], Prepared]


class Memory:
    """Keeps surfaces, and the scenes they belong to, least recently used out first.

    Args:
        prepare: may be slow, may raise.
        most: how many surfaces to keep, and how many scenes: those of small models hold more than is counted.
        budget: bytes of directions and copies of the model to keep; the scene in use is always kept.
        keeping: knows more of a landscape than this process does, and hears of all that becomes known.
    """

    def __init__(
        self, prepare: Prepare, most: int = 32, budget: int = 2**29, keeping: Keeping = Unkept()
    ) -> None:
        self._prepare = prepare
        self._most = most
        self._budget = budget
        self._keeping = keeping
        self._scenes: OrderedDict[Scene, Prepared] = OrderedDict()
        self._surfaces: OrderedDict[Request, Surface] = OrderedDict()

    def holds(self, scene: Scene) -> bool:
        """Whether `scene` would answer at once."""
        return scene in self._scenes

    def scene(self, scene: Scene) -> Prepared:
        """Return what ``prepare`` makes of a scene, making it if need be."""
        if scene not in self._scenes:
            self._scenes[scene] = self._prepare(scene)
        self._scenes.move_to_end(scene)
        while len(self._scenes) > self._most or (len(self._scenes) > 1 and self._nbytes() > self._budget):
            self._drop(next(iter(self._scenes)))
        return self._scenes[scene]

    def surface(self, request: Request) -> Surface | None:
        """Return what is known for this very request, however much of it was asked for."""
        return self._surfaces.get(place_of(request))

    def start(self, request: Request, facts: Facts, maps: Mapping[str, Map] = {}) -> Surface:
        """Return the surface to go on from: what is known, or the cells of others that lie on its lattice."""
        known = self.surface(request)
        whole = {"directions": facts.directions, "origin": facts.origin}
        if known is not None:
            surface = replace(known, **whole, settings={**known.settings, **facts.settings})
        else:
            surface = Surface.empty(
                request.grid,
                facts.metrics,
                points=facts.points,
                samples=request.samples,
                settings=facts.settings,
                histograms=facts.histograms,
                **whole,
            )
            surface = with_maps(surface, maps, facts)
            for other, known in reversed(self._surfaces.items()):
                if other.scene == request.scene:
                    is_alike = other.samples == request.samples
                    surface = surface.carry(known) if is_alike else surface.carry_maps(known)
        surface = self._keeping.start(request, surface)
        self.remember(request, surface)
        return surface

    def remember(self, request: Request, surface: Surface) -> None:
        """Keep what is known for a request."""
        place = place_of(request)
        self._surfaces[place] = surface
        self._surfaces.move_to_end(place)
        while len(self._surfaces) > self._most:
            self._surfaces.popitem(last=False)
        self._keeping.keep(request, surface)

    def forget(self, scene: Scene) -> None:
        """Drop all values of a scene, since they may be wrong; maps have evaluators of their own."""
        for request in [request for request in self._surfaces if request.scene == scene]:
            known = self._surfaces[request]
            if known.maps:
                self._surfaces[request] = known.forgotten()
            else:
                del self._surfaces[request]

    def close(self) -> None:
        """Drop all scenes; what was known of them stays."""
        for scene in tuple(self._scenes):
            self._drop(scene)

    def _nbytes(self) -> int:
        return sum(prepared.facts.nbytes for prepared in self._scenes.values())

    def _drop(self, scene: Scene) -> None:
        """Drop a scene; its surfaces keep their values but not its tensors, which `start` gives back."""
        self._scenes.pop(scene).close()
        for request, surface in self._surfaces.items():
            if request.scene == scene:
                self._surfaces[request] = replace(surface, directions=(), origin={})
