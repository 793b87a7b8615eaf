"""How much does a notebook hold: memory and threads in its kernel, nodes and contexts in its page?"""

from __future__ import annotations

from collections.abc import Mapping

from notebook import Notebook

KERNEL = """(lambda os, threading, gc, comm, ctypes: {
    "collected": (gc.collect(), getattr(ctypes.CDLL(None), "malloc_trim", bool)(0)),
    "kernel MB": int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20,
    "threads": threading.active_count(),
    "files": len(os.listdir("/proc/self/fd")),
    "comms": len(comm.get_comm_manager().comms),
})(*map(__import__, ("os", "threading", "gc", "comm", "ctypes")))"""
"""What nobody holds is given back first, as far as the system's allocator does."""
COUNT_CONTEXTS = """(() => {
  const contexts = (globalThis.drawingContexts = []);
  for (const Canvas of [HTMLCanvasElement, OffscreenCanvas]) {
    const open = Canvas.prototype.getContext;
    Canvas.prototype.getContext = function (kind, ...options) {
      const context = open.call(this, kind, ...options);
      const isNew = context && !contexts.some((known) => known.deref() === context);
      if (kind.startsWith("webgl") && isNew) contexts.push(new WeakRef(context));
      return context;
    };
  }
})()"""
CONTEXTS = """() => globalThis.drawingContexts.filter((known) => {
  const context = known.deref();
  return context && !context.isContextLost();
}).length"""

LET_GO = """() => {
  jupyterapp.commands._holdKeyBindingPromises.clear();
  for (const cell of jupyterapp.shell.currentWidget.content.widgets) {
    cell._lastTarget = cell._lastOnCaretMovedHandler = null;
  }
}"""
"""JupyterLab keeps each key press that it acts on, as Escape, and what had the focus last in each output;
and with either the whole view it was in."""


class Gauges:
    """Reads what a notebook holds; to be made before its page is loaded a first time."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._browser = notebook.page.context.new_cdp_session(notebook.page)
        notebook.page.add_init_script(COUNT_CONTEXTS)
        notebook.reload()

    def read(self) -> Mapping[str, float]:
        """Collect what nobody holds, and return what is left."""
        kernel = self._notebook.ask(KERNEL)
        del kernel["collected"]
        return {**kernel, **self.page()}

    def page(self) -> Mapping[str, float]:
        """The same of the page alone."""
        self._notebook.page.evaluate(LET_GO)
        for _ in range(2):  # what was held by what is collected only now
            self._browser.send("HeapProfiler.collectGarbage")
        used = self._browser.send("Runtime.getHeapUsage")["usedSize"]
        counted = self._browser.send("Memory.getDOMCounters")
        return {
            "heap MB": used / 2**20,
            "nodes": counted["nodes"],
            "listeners": counted["jsEventListeners"],
            "contexts": self._notebook.page.evaluate(CONTEXTS),
        }
