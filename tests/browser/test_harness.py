"""Can the browser tests be believed? Each thing they lean on, on a widget of a few lines."""

from __future__ import annotations

import pytest
from kernels import IPYKERNEL_6

pytestmark = pytest.mark.browser

SLIDER = '''
import anywidget, traitlets

class Slider(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const input = document.createElement("input");
      Object.assign(input, { type: "range", max: 10, ariaLabel: "value" });
      const output = document.createElement("output");
      const show = () => { output.value = `${model.get("value")} of Python's ${model.get("seen")}`; };
      input.oninput = () => { model.set("value", input.valueAsNumber); model.save_changes(); };
      model.on("change", show);
      show();
      el.append(input, output);
    } };
    """
    value = traitlets.Int(0).tag(sync=True)
    seen = traitlets.Int(0).tag(sync=True)

slider = Slider()
slider.observe(lambda change: setattr(slider, "seen", change.new), "value")
slider
'''


def test_a_slider_reaches_python_and_comes_back(open_notebook, screenshot):
    notebook = open_notebook(SLIDER, "slider.value")
    notebook.run(0)
    notebook.output(0).get_by_label("value").fill("7")
    notebook.output(0).get_by_text("7 of Python's 7").wait_for()
    notebook.run(1)
    assert notebook.output(1).inner_text() == "7"
    assert screenshot(notebook.cell(0)).stat().st_size > 1000


def test_an_older_kernel_answers_after_the_cell(open_notebook):
    notebook = open_notebook(
        SLIDER,
        "import ipykernel, threading; ipykernel.__version__",
        "threading.Event().wait(3); before = slider.seen",
        "before",
        kernel=IPYKERNEL_6,
    )
    notebook.run(0, 1)
    assert notebook.output(1).inner_text() == "'6.31.0'"
    notebook.start(2)
    notebook.output(0).get_by_label("value").fill("7")
    notebook.output(0).get_by_text("7 of Python's 7").wait_for()
    notebook.run(3)
    assert notebook.output(3).inner_text() == "0"


def test_errors_of_the_page_are_seen(open_notebook, page_errors):
    notebook = open_notebook("1")
    notebook.page.evaluate("() => { setTimeout(() => { throw new Error('on purpose') }); }")
    notebook.page.evaluate("() => console.error('said on purpose')")
    notebook.page.evaluate("() => fetch('https://example.org').catch(() => {})")
    notebook.wait_until_idle()
    seen = "\n".join(page_errors.unexpected())
    for expected in (
        "exception: Error: on purpose",
        "console: said on purpose",
        "request to another host: https://example.org",
    ):
        assert expected in seen
    page_errors.expect("on purpose|example.org|ERR_NAME_NOT_RESOLVED")
    assert page_errors.unexpected() == []


def test_a_reload_keeps_the_kernel(open_notebook):
    notebook = open_notebook("kept = 41", "kept + 1")
    notebook.run(0)
    notebook.save()
    notebook.reload()
    notebook.run(1)
    assert notebook.output(1).inner_text() == "42"


def test_the_keyboard_saves(open_notebook):
    notebook = open_notebook("1")
    notebook.run(0)
    assert not notebook.is_saved()
    notebook.page.keyboard.press("Control+s")
    notebook.wait_until_saved()


def test_a_hidden_tab_has_no_animation_frames(open_notebook):
    notebook = open_notebook("1")
    notebook.hide()
    notebook.page.evaluate("() => { requestAnimationFrame(() => { globalThis.drawn = true; }); }")
    notebook.run(0)
    assert notebook.page.evaluate("() => [document.visibilityState, globalThis.drawn]") == ["hidden", None]
    notebook.hide(False)
    notebook.wait("() => globalThis.drawn && document.visibilityState === 'visible'")


def test_a_restart_forgets(open_notebook):
    notebook = open_notebook("kept = 41", "'kept' in globals()")
    notebook.run(0)
    notebook.restart_kernel()
    notebook.run(1)
    assert notebook.output(1).inner_text() == "False"


def test_the_theme_changes(open_notebook):
    notebook = open_notebook("1")
    notebook.set_theme("JupyterLab Dark")
    assert notebook.page.locator("body").get_attribute("data-jp-theme-light") == "false"
