"""How do we get a real JupyterLab that knows nothing of anybody's settings and asks nobody for news?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FLAGS = (
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--ServerApp.open_browser=False",
    "--ServerApp.allow_root=True",
    "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
SETTINGS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@dataclass(frozen=True)
class JupyterLab:
    """A running server.

    Attributes:
        url: without a slash at the end.
        notebooks: the folder it serves.
    """

    url: str
    notebooks: Path

    def write(self, name: str, cells: Sequence[str], kernel: str = "python3") -> None:
        """Put a notebook made of code ``cells`` into the folder; it starts the ``kernel`` that it names."""
        notebook = {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
            "cells": [code_cell(index, source) for index, source in enumerate(cells)],
        }
        (self.notebooks / name).write_text(json.dumps(notebook))


def code_cell(index: int, source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": f"cell-{index}",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[JupyterLab]:
    """Run a server out of ``folder``; its own kernelspecs belong into ``folder/data/kernels``."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks}", *FLAGS],
        env=os.environ | {name: str(folder / path) for name, path in SETTINGS.items()},
        stderr=subprocess.PIPE,
        text=True,
    )
    log = Log(server)
    try:
        yield JupyterLab(log.url(), notebooks)
    finally:
        server.terminate()
        server.wait()
        log.close()


class Log:
    """Reads what the server says until it ends, and finds in it where it listens."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server
        self._lines: list[str] = []
        self._url: str | None = None
        self._decided = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def url(self) -> str:
        self._decided.wait(60)
        if self._url is None:
            raise RuntimeError("JupyterLab did not start. It said:\n" + "".join(self._lines))
        return self._url

    def close(self) -> None:
        self._thread.join()
        self._server.stderr.close()

    def _read(self) -> None:
        for line in self._server.stderr:
            self._lines.append(line)
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/lab\b", line):
                self._url = found[1]
                self._decided.set()
        self._decided.set()
