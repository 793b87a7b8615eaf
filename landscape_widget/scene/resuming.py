"""What of a landscape was computed before, and where is it kept from now on?"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from landscape_widget import shared
from landscape_widget.live.keeping import Keeping, KeptInFile, Unkept, refuse_another
from landscape_widget.objective.identity import identity_of
from landscape_widget.objective.params import is_large
from landscape_widget.scene.offer import Offer
from landscape_widget.surface import files, growing
from landscape_widget.surface.run_file import RunFile
from landscape_widget.surface.same_landscape import IDENTITY
from landscape_widget.surface.surface import Surface


def kept_in(resume: Any, offer: Offer, *, anew: bool = False) -> tuple[Offer, Keeping]:
    """Return the offer as a file will know it again, and the file.

    Args:
        resume: a path, to which ``.npz`` is added if missing; None: it is kept in no file.
        anew: take nothing up; what is there stays until it is replaced.

    Raises:
        TypeError: for what is no path.
        ValueError: where the file is of another landscape, damaged, of another kind, or somebody else's.
        OSError: where it can't be written.
    """
    if resume is None:
        return offer, Unkept()
    path = _checked(resume)
    identity = identity_of(offer.objective)
    offer = replace(offer, settings={**offer.settings, IDENTITY: identity})
    others = shared.run_files()
    if path in others and path.exists() and not anew:
        refuse_another(path, growing.load(path), identity)  # before the other gives it up
    save = _save_without_tensors if is_large(offer.objective.params) else files.save
    file = RunFile(path, time.monotonic, others=others, anew=anew, save=save)
    try:
        if file.known is not None:
            refuse_another(path, file.known, identity)
    except BaseException:
        file.close()
        raise
    return offer, KeptInFile(file)


def _save_without_tensors(surface: Surface, path: Path) -> Path:
    """Leave out what is large and can be made again: weights and directions would take longer than cells."""
    return files.save(replace(surface, directions=(), origin={}), path)


def _checked(resume: Any) -> Path:
    if not isinstance(resume, str | os.PathLike):
        raise TypeError(
            f"resume is the path of a file, which is written as the landscape grows; got {resume!r}. "
            "Write resume='run.npz', or leave it out."
        )
    path = Path(resume)
    if path.suffix.lower() not in ("", ".npz"):
        raise ValueError(
            f"A landscape is kept as .npz while it grows; got {path.name!r}. Write "
            f"resume={path.stem + '.npz'!r}, and save the surface in another format when it is done."
        )
    return files.with_suffix(path).resolve()
