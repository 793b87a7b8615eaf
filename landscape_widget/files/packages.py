"""Is the package there that a format needs, and how does one get it?"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def needed(package: str, extra: str) -> Any:
    """Import a package that comes with an extra.

    Raises:
        ModuleNotFoundError: where it isn't installed, with the line that installs it.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"This format needs the package {package}, which isn't installed. "
            f'Install it: `pip install "landscape-widget[{extra}]"`.',
            name=error.name,
        ) from error
