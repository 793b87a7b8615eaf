"""Does `make lab` open the first notebook, ready to run?"""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import FLAGS, serve
from notebook import Notebook, PageErrors

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


def test_make_lab_opens_the_first_notebook(page, tmp_path):
    command = ["make", "--directory", str(ROOT), "lab", f"LAB_ARGS={' '.join(FLAGS)}"]
    with serve(command, tmp_path) as address:
        page.goto(address)
        notebook = Notebook(page, PageErrors(page, address))
        notebook.page.get_by_role("heading", name="A first look").wait_for()
        notebook.close()
