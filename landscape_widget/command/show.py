"""How does a file become a picture, a page or a table, from a terminal?"""

from __future__ import annotations

from argparse import Namespace

from landscape_widget.command.settings import settings_of
from landscape_widget.files.load import load


def show(asked: Namespace) -> int:
    """Write what the suffix of ``--out`` says.

    Raises:
        ValueError, TypeError, OSError: where the file is none of ours, or can't be shown that way.
    """
    print(load(asked.file).save(asked.out, **settings_of(asked.settings)))
    return 0
