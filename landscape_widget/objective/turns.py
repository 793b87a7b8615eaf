"""Whose turn is it with the user's own model?"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager


def turns() -> AbstractContextManager[object]:
    """Return what is held by who moves a model, or copies one: nobody copies what another has moved."""
    return threading.RLock()
