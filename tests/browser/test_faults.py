"""The page loaded anew, offline or frozen, the kernel interrupted: is the picture right, and is it said?"""

from __future__ import annotations

import pytest
from landscape import Landscape
from problems import ALL, BOWL, FIRST_LEVEL, GATE, SHOW, bowl, measured

pytestmark = pytest.mark.browser

OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
LINE_IS = (
    "(status) => jupyterapp.shell.currentWidget.sessionContext.session.kernel.connectionStatus === status"
)
SLEEPY = """
import time
gated_bowl = bowl

def bowl(model, batch):
    time.sleep(60)
    return gated_bowl(model, batch)
"""
# What comes meanwhile is lost, as when a server throws away what comes too fast.
LOSE = """(lost) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  globalThis.realMessage ??= kernel._handleMessage;
  const isLost = (message) => message.header.msg_type === "comm_msg";
  kernel._handleMessage = (message) =>
    lost && isLost(message) ? Promise.resolve() : realMessage.call(kernel, message);
}"""

# A thousand keys before the page draws once: there and back again, and in the end two steps to the left.
BURST = """(thumb) => {
  const press = (key) => thumb.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  for (let time = 0; time < 499; time++) ["ArrowLeft", "ArrowRight"].forEach(press);
  ["ArrowLeft", "ArrowLeft"].forEach(press);
  thumb.dispatchEvent(new KeyboardEvent("keyup", { key: "ArrowLeft", bubbles: true }));
}"""


def test_a_page_loaded_anew_in_the_middle_of_a_run_shows_what_is_known_and_the_rest(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    Landscape(notebook, 1).wait_until_it_shows(measured(bowl(), 5))
    notebook.save()
    notebook.reload()
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    landscape.wait_for(phase="computing", connection="live")
    notebook.run(3)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done")


def test_what_the_network_lost_is_asked_for(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    notebook.page.evaluate(LOSE, True)
    notebook.run(3)
    notebook.wait_for("widget.status['phase'] == 'done' and widget._channel._outbox._under_way is None")
    landscape.wait_for(phase="computing")
    notebook.page.evaluate(LOSE, False)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done", connection="live")


def test_a_page_that_was_frozen_comes_back_to_all_that_was_measured(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    browser = notebook.page.context.new_cdp_session(notebook.page)
    notebook.start(3)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    notebook.page.wait_for_timeout(1500)
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    notebook.finish()
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done", connection="live")


@pytest.mark.processes
def test_offline_the_picture_stays_and_online_it_is_complete(open_notebook):
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, ALL)
    notebook.errors.expect(
        r"ERR_INTERNET_DISCONNECTED|Connection lost|WebSocket|Failed to fetch|NetworkError"
    )
    notebook.run(0, 1, 2)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(measured(bowl(), 5))
    browser = notebook.page.context.new_cdp_session(notebook.page)
    browser.send("Network.enable")
    notebook.start(3)
    browser.send("Network.emulateNetworkConditions", OFFLINE)
    notebook.page.wait_for_timeout(3000)
    landscape.wait_until_it_shows(landscape.heights())
    browser.send("Network.emulateNetworkConditions", {**OFFLINE, "offline": False})
    notebook.wait(LINE_IS, "connected")
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done", connection="live")
    landscape.move_x_to(0.875)
    notebook.run(3)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.875)))


@pytest.mark.processes
def test_a_second_browser_on_the_same_kernel_changes_nothing_for_the_first(open_notebook, browser, lab):
    notebook = open_notebook(BOWL, SHOW, "widget.x = (-2, 2)")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.save()
    other = browser.new_page()
    other.goto(notebook.page.url)
    other.locator(".landscape-widget").first.wait_for()
    notebook.run(2)
    landscape.wait_until_it_shows(bowl(x=(-2, 2)))
    other.close()
    landscape.move_x_to(1.5, start=2, step=0.25)
    landscape.wait_until_it_shows(bowl(x=(-2, 1.5)))


@pytest.mark.processes
@pytest.mark.parametrize("where", ["while it is waited for", "in the loss at the door"])
def test_an_interrupt_ends_the_cell_and_not_the_landscape(open_notebook, where):
    waits = "widget.wait()" if where.startswith("while") else SHOW.replace("widget =", "other =")
    notebook = open_notebook(BOWL + GATE, SHOW, FIRST_LEVEL, SLEEPY if "door" in where else "1", waits, ALL)
    notebook.run(0, 1, 2, 3)
    landscape = Landscape(notebook, 1)
    notebook.start(4)
    notebook.page.wait_for_timeout(1000)
    assert notebook.is_running(4)
    notebook.interrupt()
    assert "KeyboardInterrupt" in notebook.output(4).last.inner_text()
    notebook.run(5)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(phase="done", connection="live")


@pytest.mark.processes
def test_a_kernel_that_is_killed_leaves_its_picture_and_says_that_it_is_gone(open_notebook):
    notebook = open_notebook(BOWL, SHOW, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    notebook.errors.expect("Could not restore the debugger state|Kernel|kernel|WebSocket|404")
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    notebook.start(2)
    landscape.wait_for(connection="disconnected")
    landscape.wait_until_it_shows(bowl())
    while (dismiss := notebook.page.get_by_role("button", name="Ok", exact=True)).is_visible():
        dismiss.click()
    notebook.wait_until_idle()
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.wait_for(connection="live")


@pytest.mark.processes
def test_of_a_thousand_keys_on_a_slider_the_last_is_measured_and_shown(open_notebook):
    notebook = open_notebook(BOWL, SHOW)
    notebook.run(0, 1)
    landscape = Landscape(notebook, 1)
    landscape.wait_until_it_shows(bowl())
    landscape.thumb("x to").evaluate(BURST)
    landscape.wait_until_it_shows(bowl(x=(-1, 0.75)))
    landscape.wait_for(phase="done", connection="live")
    assert notebook.ask("widget.x") == (-1, 0.75)
