"""What is true of a scene, before any of its cells is measured?"""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import torch

from landscape_widget.evaluate.repeats import repeated_metrics
from landscape_widget.facts import Facts
from landscape_widget.live.request import Scene
from landscape_widget.objective.digest import digest_of
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import fingerprint
from landscape_widget.scene.maps import map_notes
from landscape_widget.scene.measuring import Measuring
from landscape_widget.scene.offer import Offer
from landscape_widget.subspace.corners import points, ranges
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.histograms import weight_histograms
from landscape_widget.subspace.rounding import rounding
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.surface.same_landscape import AXES, IDENTITY


def scene_facts(
    offer: Offer, objective: Objective, scene: Scene, subspace: Subspace, evaluator: Measuring, repeats: int
) -> Facts:
    directions = subspace.directions
    of_directions = dict.fromkeys(note for direction in directions for note in direction.notes)
    of_maps = map_notes(offer.maps, repeats, objective)
    notes = (*offer.notes, *objective.notes, *of_directions, *of_maps)
    lent = () if objective.lender is None else objective.lender.notes  # a file's path, gone tomorrow
    origin, *vectors = evaluator.handed_out(_centre(objective, directions))
    of_interest = offer.trajectory is not None or any(direction.endpoint for direction in directions)
    is_triangle = len(directions) == 2 and all(direction.endpoint for direction in directions)
    along = all(direction.endpoint or direction.explained is not None for direction in directions)
    is_to_scale = len(directions) == 2 and along
    share, zeros = subspace.moved_share(objective), max(direction.zero_filters for direction in directions)
    rounded = rounding(subspace.origin, directions)
    return Facts(
        metrics=repeated_metrics(objective.metrics, repeats),
        labels=tuple(direction.label for direction in directions),
        ranges=ranges(directions),
        points=points(directions),
        angle=subspace.angle,
        spread=subspace.spread,
        share=share,
        zeros=zeros,
        gram=subspace.gram.numpy(),
        batch_norm=scene.batch_norm,
        where=f"{objective.place}, in place" if offer.borrows else objective.place,
        notes=(*lent, *notes),
        directions=tuple(vectors),
        origin=origin,
        nbytes=evaluator.nbytes * (1 + len(offer.maps)),  # each map has copies of its own
        is_to_scale=is_to_scale,
        is_triangle=is_triangle,
        histograms=weight_histograms(objective, directions) if of_interest else (),
        rounding=rounded,
        in_place=offer.borrows,
        settings=_settings(offer, objective, scene, subspace, repeats, notes)
        | {"is_to_scale": is_to_scale, "is_triangle": is_triangle}
        | {"share": share, "zeros": zeros, "spread": subspace.spread}
        | {"rounding": None if rounded is None else asdict(rounded)},
    )


def _centre(objective: Objective, directions: tuple[Direction, ...]) -> dict[str, torch.Tensor]:
    """Return what may move, running statistics included, at coordinates 0; not copied."""
    tensors = dict(objective.model.named_buffers()) | dict(objective.params)
    names = dict.fromkeys(name for direction in directions for name in direction.vector)
    return {name: tensors[name].detach() for name in names}


def _settings(
    offer: Offer,
    objective: Objective,
    scene: Scene,
    subspace: Subspace,
    repeats: int,
    notes: tuple[str, ...],
) -> dict[str, Any]:
    """What decides the numbers, JSON-able, for the saved file."""
    weight = next(iter(objective.params.values()))
    return {
        **offer.settings,
        "device": objective.place,
        "dtype": str(weight.dtype).removeprefix("torch."),
        "autocast": objective.autocast and str(objective.autocast).removeprefix("torch."),
        "normalization": scene.normalization,
        "directions": [vars(choice) for choice in scene.directions],
        "third": None if scene.third is None else vars(scene.third),
        "rotation": scene.rotation,
        "labels": [direction.label for direction in subspace.directions],
        "fingerprints": [direction.fingerprint for direction in subspace.directions],
        "origin": fingerprint(objective.params),
        "gram": subspace.gram.tolist(),
        "batch_norm": scene.batch_norm,
        "calibration": objective.calibration,
        "mode": objective.mode,
        "repeats": repeats,
        "notes": list(notes),
        "data": {metric.name: metric.size for metric in objective.metrics},
        "data_fingerprint": objective.train.fingerprint,
        "versions": {name: version(name) for name in ("landscape-widget", "torch", "numpy")},
        **_identity(offer, scene, subspace),
    }


def _identity(offer: Offer, scene: Scene, subspace: Subspace) -> dict[str, Any]:
    """What a file knows the scene again by, where it is kept in one."""
    if IDENTITY not in offer.settings:
        return {}
    along = [direction.fingerprint for direction in subspace.directions]
    treated = {"treatment of BatchNorm": digest_of(scene.batch_norm)}
    return {IDENTITY: offer.settings[IDENTITY] | dict(zip(AXES, along, strict=False)) | treated}
