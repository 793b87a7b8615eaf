"""Does a touched source reach the page, by `make` alone?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from playwright.sync_api import expect
from problems import BOWL, SHOW

from tests.project_copy import copy_project, run

pytestmark = pytest.mark.browser


def test_a_touched_source_reaches_the_page(open_notebook, tmp_path):
    copy_project(tmp_path)
    source = tmp_path / "js" / "src" / "face" / "face.ts"
    before = '{ class: "landscape-widget" }'
    assert before in source.read_text()
    source.write_text(source.read_text().replace(before, '{ class: "landscape-widget", title: "touched" }'))
    run("make", "static", cwd=tmp_path)

    notebook = open_notebook(f"import sys; sys.path.insert(0, {str(tmp_path)!r})", BOWL, SHOW)
    notebook.run(0, 1, 2)
    expect(Landscape(notebook, 2).root).to_have_attribute("title", "touched")
