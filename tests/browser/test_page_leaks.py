"""What is left in a page of many landscapes that came and went: nodes, listeners, contexts, memory?"""

from __future__ import annotations

import pytest
from gauges import Gauges
from landscape import Landscape
from problems import BOWL, SHOW

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TIMES = 60
IN_SPACE = SHOW.replace('"heatmap"', '"surface"')
COMPARED = """
models = {"one": model, "other": torch.nn.Linear(2, 1, bias=False)}
widget = lw.compare(models, lw.batch_loss(bowl), data, resolution=9)
widget.kind = "surface"
widget
"""
A_FACE = 1000
"""Nodes of one landscape, about."""
A_MODULE = 0.075
"""MB of a widget's module, which a browser never forgets, and of what it compiles; of a model 0.05 more."""


@pytest.mark.parametrize("shown", [IN_SPACE, COMPARED], ids=["explore", "compare"])
def test_of_sixty_landscapes_shown_by_one_cell_no_node_listener_or_context_is_left(open_notebook, shown):
    notebook = open_notebook(BOWL, shown)
    gauges = Gauges(notebook)
    notebook.run(0)

    def show(times: int) -> dict[str, float]:
        for _ in range(times):
            notebook.run(1)
            Landscape(notebook, 1).wait_for(phase="done")
        notebook.ask("widget.photograph.develop()")  # which imports what draws
        return dict(gauges.read())

    before, after = show(5), show(TIMES)
    assert after["contexts"] == 1
    assert after["nodes"] < before["nodes"] + A_FACE
    assert after["listeners"] < before["listeners"] + 5 * TIMES
    assert after["comms"] == before["comms"]
    assert after["threads"] <= before["threads"] + 2  # of Jupyter's own, which come and go
    assert after["heap MB"] < before["heap MB"] + A_MODULE * TIMES
    assert after["kernel MB"] < 1.25 * before["kernel MB"]
