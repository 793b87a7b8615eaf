"""Does the widget hold for half an hour of whatever a person may do? Ends with a table and a verdict.

SOAK_MINUTES and SOAK_SEED say how long, and which of all half hours.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import numpy as np
from chromium import chromium
from gauges import Gauges
from lab import SETTINGS, JupyterLab, jupyter_lab
from landscape import Landscape
from moves import Hand
from notebook import PATIENCE, Notebook, PageErrors
from problems import BOWL
from verdict import complaints, table

SHOWN = (1, 3, 4)
"""Cells that show something."""
EVERY = 30
"""Seconds between two readings."""
JUPYTERS_OWN = r"NotFoundError: Failed to execute 'removeChild'[^\n]*\n\s*at [^\n]*/jlab_core\."
"""What JupyterLab says when a theme is chosen while it still shows the one before."""

KEPT = """
from landscape_widget.live.lesson import STEPPED

shown, began = {}, {}

def show(name, widget):
    shown[name] = widget
    began[name] = {trait: getattr(widget, trait) for trait in STEPPED}
    return widget

def rest():
    for name, widget in shown.items():
        widget.resume()
        with widget.hold_trait_notifications():
            for trait, value in began[name].items():
                setattr(widget, trait, value)
    for widget in shown.values():
        widget.wait()

def fresh():
    return lw.compute(model, lw.batch_loss(bowl), data, directions=axes, resolution=17)["loss"].tolist()
"""
ONE = """
one = lw.explore(model, lw.batch_loss(bowl), data, directions=axes, resolution=17)
one.linked, one.kind, one.scale = False, "heatmap", "linear"
show("one", one)
"""
TRAINED = """
torch.manual_seed(0)
inputs = torch.randn(64, 4)
examples = (inputs, (inputs[:, 0] > 0).long())

def trained(width):
    network = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.Tanh(), torch.nn.Linear(width, 2))
    optimizer = torch.optim.SGD(network.parameters(), 0.5)
    with lw.record(network, every=5) as trajectory:
        for _ in range(50):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(inputs), examples[1]).backward()
            optimizer.step()
    return network, trajectory

(network, trajectory), (other, _) = trained(8), trained(4)
cross_entropy = torch.nn.functional.cross_entropy
"""
TWO = """
two = lw.explore(network, cross_entropy, examples, trajectory=trajectory, resolution=17)
show("two", two)
"""
THREE = """
three = lw.compare({"wide": network, "narrow": other}, cross_entropy, examples, resolution=9)
show("three", three)
"""
ASKED = (
    "one.pause()",
    "one.resume()",
    "two.stop()",
    "two.resume()",
    "setattr(one, 'x', (-2, 2))",
    "setattr(two, 'resolution', (25, 25))",
    "setattr(three, 'kind', 'surface')",
    "[setattr(one, 'x', (-k, k)) for k in range(1, 100)] and None",
    "one.preset('paper')",
    "two.auto_range()",
    "len(one.surface.figure().data) * 0 if one.surface is not None and one.surface.level >= 0 else 0",
)


def soak(minutes: float, seed: int) -> list[str]:
    """Play for so long; print what was read, and return what broke a rule."""
    with lab_without_toolbars() as lab, chromium() as browser:
        lab.write("soak.ipynb", [BOWL + KEPT, ONE, TRAINED, TWO, THREE])
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
        page.set_default_timeout(1000 * PATIENCE)
        errors = PageErrors(page, lab.url.removeprefix("http://"))
        errors.expect(JUPYTERS_OWN)
        page.goto(f"{lab.url}/lab/tree/soak.ipynb?reset")
        notebook = Notebook(page, errors)
        gauges = Gauges(notebook)
        notebook.run(0, 1, 2, 3, 4)
        for cell in SHOWN:
            Landscape(notebook, cell)
        hand = Hand(notebook, Random(seed), reruns=SHOWN, asked=ASKED)
        readings, done, end = [], Counter[str](), time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            until = min(time.monotonic() + EVERY, end)
            while time.monotonic() < until:
                done[hand.move().split()[0]] += 1
            notebook.ask("rest()")
            readings.append(gauges.read())
            print(dict(readings[-1]), dict(done), flush=True)
        broken = complaints(readings, errors.unexpected(), is_right=is_right(notebook))
        notebook.close()
    print(table(readings))
    return broken


@contextmanager
def lab_without_toolbars() -> Iterator[JupyterLab]:
    """JupyterLab makes a new toolbar for each cell that becomes the active one, and keeps the old ones."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / SETTINGS["JUPYTER_CONFIG_DIR"] / "labconfig" / "page_config.json"
        page.parent.mkdir(parents=True)
        page.write_text(json.dumps({"disabledExtensions": {"@jupyterlab/cell-toolbar-extension": True}}))
        with jupyter_lab(Path(folder)) as lab:
            yield lab


def is_right(notebook: Notebook) -> bool:
    """Whether the picture shows what a fresh computation gives."""
    try:
        Landscape(notebook, 1).wait_until_it_shows(np.array(notebook.ask("fresh()")))
    except AssertionError:
        return False
    return True


if __name__ == "__main__":
    broken = soak(float(os.environ.get("SOAK_MINUTES", "30")), int(os.environ.get("SOAK_SEED", "0")))
    print("\n".join(broken) or "It held.")
    sys.exit(bool(broken))
