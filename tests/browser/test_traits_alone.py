"""Does a page live where no message ever comes, and what it sets is heard between cells only?"""

from __future__ import annotations

import pytest
from kernels import IPYKERNEL_6
from landscape import Landscape
from problems import BOWL, SHOW, bowl

pytestmark = [pytest.mark.browser, pytest.mark.everywhere]

DEAF = """
from landscape_widget.live.widget import LandscapeWidget

def drop(self, content, buffers=None):
    dropped.append(content["kind"])

dropped = []
LandscapeWidget.send = drop
"""
BUSY = "threading.Event().wait(4)"


def test_a_page_that_hears_nothing_changes_to_traits_and_goes_on(open_notebook):
    notebook = open_notebook(BOWL + DEAF, SHOW, BUSY, kernel=IPYKERNEL_6)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.move_x_to(0.875)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))
    notebook.wait_for("widget.transport == 'traits' and widget.told['letters'] == []")
    before = notebook.ask("len(dropped)")
    assert before > 0
    notebook.record(landscape.root, "data-connection")
    notebook.start(2)
    landscape.button("zoom in").click()
    landscape.wait_for(connection="busy")
    notebook.finish()
    notebook.wait_for("widget.y == (-0.5, 0.5)")
    landscape.wait_until_it_shows(bowl(notebook.ask("widget.x"), (-0.5, 0.5)))
    landscape.wait_for(connection="live")
    assert notebook.recorded("data-connection") == ["live", "busy", "live"]
    assert notebook.ask("len(dropped)") == before
