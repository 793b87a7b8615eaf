"""How does a test use an open notebook: run cells, wait for the kernel, read what is drawn?"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request

PATIENCE = 60  # seconds, for machines that are busy with other things
OPEN = """() => {
  const panel = globalThis.jupyterapp?.shell.currentWidget;
  return panel?.context?.isReady && panel.sessionContext.session?.kernel?.status === "idle";
}"""
START = """async (index) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  globalThis.ran = jupyterapp.commands.execute("notebook:run-cell");
}"""
IDLE = """() => {
  const panel = jupyterapp.shell.currentWidget;
  const states = panel.content.widgets.map((cell) => cell.model.executionState ?? "idle");
  return panel.sessionContext.session.kernel.status === "idle" && states.every((state) => state === "idle");
}"""
HIDE = """(hidden) => {
  globalThis.realFrame ??= requestAnimationFrame.bind(globalThis);
  globalThis.heldFrames ??= [];
  globalThis.requestAnimationFrame = hidden ? (callback) => heldFrames.push(callback) : realFrame;
  const state = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
  document.dispatchEvent(new Event("visibilitychange"));
  if (!hidden) heldFrames.splice(0).forEach(realFrame);
}"""
INDEX_OF = """(source) => {
  const cells = jupyterapp.shell.currentWidget.content.widgets;
  return cells.findIndex(({ model }) => model.sharedModel.getSource().includes(source));
}"""
ASK = """async (expression) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const content = { code: "", store_history: false, user_expressions: { answer: expression } };
  const reply = await kernel.requestExecute(content).done;
  const { data, evalue } = reply.content.user_expressions.answer;
  return { answer: data?.["text/plain"], problem: evalue };
}"""
RECORD = """(element, name) => {
  const seen = [element.getAttribute(name)];
  const look = () => {
    const value = element.getAttribute(name);
    if (value !== seen.at(-1)) seen.push(value);
  };
  new MutationObserver(look).observe(element, { attributes: true, attributeFilter: [name] });
  globalThis.recorded = { ...globalThis.recorded, [name]: seen };
}"""
KEEP_WIDGETS = """() => {
  const setting = "@jupyter-widgets/jupyterlab-manager:saveWidgetState";
  return jupyterapp.commands.isToggled(setting) || jupyterapp.commands.execute(setting);
}"""
SAVED = "() => !jupyterapp.shell.currentWidget.context.model.dirty"


class PageErrors:
    """Everything that went wrong in the page: exceptions, errors on the console, requests to other hosts."""

    def __init__(self, page: Page, host: str) -> None:
        self._host = host
        self._seen: list[str] = []
        self._expected: list[str] = []
        page.on("pageerror", lambda error: self._seen.append(f"exception: {error.stack or error}"))
        page.on("console", self._read_console)
        page.on("request", self._read_request)

    def expect(self, pattern: str) -> None:
        """Let errors pass that match the regular expression ``pattern``."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [seen for seen in self._seen if not any(re.search(one, seen) for one in self._expected)]

    def _read_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console: {message.text} ({message.location.get('url')})")

    def _read_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self._host:
            self._seen.append(f"request to another host: {request.url}")


class Notebook:
    """An open notebook in JupyterLab, its kernel started and idle."""

    def __init__(self, page: Page, errors: PageErrors) -> None:
        self.page = page
        self.errors = errors
        self.wait(OPEN)

    # cells and kernel

    def start(self, *cells: int) -> None:
        """Start the cells one after the other, without waiting for any."""
        for index in cells:
            self.page.evaluate(START, index)

    def run(self, *cells: int) -> None:
        """Run the cells; return when they have ended and the kernel is idle."""
        self.start(*cells)
        self.finish()

    def finish(self) -> None:
        """Wait until the last cell that was started has ended and the kernel is idle."""
        self.page.evaluate("() => globalThis.ran")
        self.wait_until_idle()

    def run_all(self) -> None:
        """Run every cell; a cell that raises ends it."""
        assert self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        self.wait(IDLE)

    def ask(self, expression: str) -> Any:
        """The value of a Python expression in the kernel, once it is free; a literal."""
        reply = self.page.evaluate(ASK, expression)
        assert reply["problem"] is None, reply["problem"]
        return ast.literal_eval(reply["answer"])

    def wait_for(self, expression: str) -> None:
        """Ask until a Python expression is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.ask(f"bool({expression})"):
            assert time.monotonic() < deadline, f"{expression} did not become true"

    def is_running(self, cell: int) -> bool:
        return self.cell(cell).locator(".jp-InputPrompt").inner_text() == "[*]:"

    def cell_count(self) -> int:
        return self.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length")

    def active_cell(self) -> int:
        return self.page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCellIndex")

    def leave_edit_mode(self) -> None:
        """Into command mode, where JupyterLab takes single keys for itself."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:enter-command-mode')")

    def scrolled(self) -> float:
        """How far down the page is, in pixels."""
        return self.page.locator(".jp-WindowedPanel-outer").first.evaluate("(page) => page.scrollTop")

    def interrupt(self) -> None:
        """End the running cell."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
        self.wait_until_idle()

    def restart_kernel(self) -> None:
        self.errors.expect("Could not restore the debugger state")  # JupyterLab's own, in the middle of it
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        self.wait_until_idle()

    def save(self) -> None:
        self.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")

    def save_with_widgets(self) -> None:
        """Save what the widgets show into the notebook too, as the menu does."""
        self.page.evaluate(KEEP_WIDGETS)
        self.save()
        self.wait_until_saved()

    def reload(self) -> None:
        """Load the page anew; the kernel lives on."""
        self.page.reload()
        self.wait(OPEN)

    def is_saved(self) -> bool:
        return self.page.evaluate(SAVED)

    def wait_until_saved(self) -> None:
        self.wait(SAVED)

    def close(self) -> None:
        self.page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")

    # what a person sees

    def cell(self, index: int) -> Locator:
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")

    def index_of(self, source: str) -> int:
        """Which cell is the first with this in it."""
        return self.page.evaluate(INDEX_OF, source)

    def show(self, index: int) -> None:
        """Scroll to a cell; those far away JupyterLab takes out of the page."""
        self.page.evaluate("(index) => jupyterapp.shell.currentWidget.content.scrollToItem(index)", index)

    def output(self, index: int) -> Locator:
        """What cell ``index`` shows: text, traceback, widget."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def record(self, element: Locator, attribute: str) -> None:
        """From now on keep every value of an attribute, for `recorded`."""
        element.evaluate(RECORD, attribute)

    def recorded(self, attribute: str) -> list[str]:
        return self.page.evaluate("(name) => globalThis.recorded[name]", attribute)

    def theme(self) -> str:
        return self.page.evaluate("() => document.body.dataset.jpThemeName")

    def set_theme(self, name: str) -> None:
        """``"JupyterLab Dark"`` or ``"JupyterLab Light"``."""
        self.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
        self.wait("(theme) => document.body.dataset.jpThemeName === theme", name)

    def hide(self, hidden: bool = True) -> None:
        """Behave as a tab behind another one does, which headless Chromium has not: no animation frames."""
        self.page.evaluate(HIDE, hidden)

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until the JavaScript function ``condition`` is true; needs no animation frames."""
        self.page.wait_for_function(condition, arg=argument, polling=50, timeout=PATIENCE * 1000)


def describe(errors: Iterable[str]) -> str:
    return "The page reported errors:\n" + "\n".join(errors)
