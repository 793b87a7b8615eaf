"""How do we get a real JupyterLab that knows nothing of anybody's settings and asks nobody for news?"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

FLAGS = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--IdentityProvider.token=",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
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
ADDRESS = r"http://127\.0\.0\.1:\d+/lab\S*"
NEWS_SETTINGS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
THEME_SETTINGS = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}


@dataclass(frozen=True)
class JupyterLab:
    """A running server.

    Attributes:
        url: without a slash at the end.
        notebooks: the folder it serves.
        settings: where it keeps what a person has set.
    """

    url: str
    notebooks: Path
    settings: Path

    def forget_theme(self) -> None:
        """Go back to the light theme for the next page."""
        (self.settings / THEME_SETTINGS).unlink(missing_ok=True)

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
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebooks}", *FLAGS]
    with serve(command, folder) as address:
        settings = folder / SETTINGS["JUPYTERLAB_SETTINGS_DIR"]
        yield JupyterLab(address.removesuffix("/lab"), notebooks, settings)


@contextmanager
def serve(command: Sequence[str], folder: Path) -> Iterator[str]:
    """Run ``command``, with all settings in ``folder``; yields the address it says it listens at."""
    news = folder / SETTINGS["JUPYTERLAB_SETTINGS_DIR"] / NEWS_SETTINGS
    news.parent.mkdir(parents=True)
    news.write_text(json.dumps(NO_NEWS))
    server = subprocess.Popen(
        command,
        env=os.environ | {name: str(folder / path) for name, path in SETTINGS.items()},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    log = Log(server.stderr)
    try:
        address = log.address()
        wait_until_it_listens(address)
        yield address
    finally:
        server.terminate()
        server.wait()
        log.close()


def wait_until_it_listens(address: str) -> None:
    """A server may say where it will listen before it does."""
    host, _, port = urlsplit(address).netloc.rpartition(":")
    for _ in range(100):
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise RuntimeError(f"The server said that it listens at {address}, and for ten seconds it did not.")


class Log:
    """Reads what a server says until it ends, and finds in it what looks like an ``address``."""

    def __init__(self, stream: IO[str], address: str = ADDRESS) -> None:
        self._stream = stream
        self._looks_like = address
        self._lines: list[str] = []
        self._address: str | None = None
        self._decided = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def address(self) -> str:
        self._decided.wait(60)
        if self._address is None:
            raise RuntimeError("The server did not start. It said:\n" + "".join(self._lines))
        return self._address

    def close(self) -> None:
        self._thread.join()
        self._stream.close()

    def _read(self) -> None:
        for line in self._stream:
            self._lines.append(line)
            if found := re.search(self._looks_like, line):
                self._address = found[0]
                self._decided.set()
        self._decided.set()
