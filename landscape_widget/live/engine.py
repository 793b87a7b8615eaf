"""One thread for all widgets of a process: the latest request of each wins, coarse levels come first."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from landscape_widget.live.session import Listener, Session
from landscape_widget.live.working import Working


class Engine:
    """Runs the work of its sessions, one step at a time, on one daemon thread.

    All methods may be called from any thread.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sessions: list[Session] = []
        self._served = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, first: Callable[[], None] = lambda: None) -> None:
        """Start the thread; returns when it has called ``first``."""
        ready = threading.Event()

        def run() -> None:
            first()
            ready.set()
            self._run()

        self._thread = threading.Thread(target=run, name="landscape engine", daemon=True)
        self._thread.start()
        ready.wait()

    def close(self, patience: float = 3.0) -> None:
        """Close all sessions and end the thread, waiting at most ``patience`` seconds for a running batch.

        To be called before Python exits: torch aborts the process when its thread is taken away.
        """
        with self._changed:
            self._closed = True
            for session in self._sessions:
                session.close()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(patience)

    def session(self, work: Working, listener: Listener, *, is_patient: bool = False) -> Session:
        """Open a session; ``listener`` is called on the engine's thread and must not block.

        Args:
            is_patient: it is served only while no other session wants anything but a map.
        """
        session = Session(self._changed, work, listener, is_patient)
        with self._changed:
            self._sessions = [*self._sessions, session]
        return session

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (ready := self._ready()):
                    if self._closed:
                        return
                    self._changed.wait()
                session = min(ready, key=lambda s: (s.rank, s.level, s.served))
                self._served += 1
                session.served = self._served
            try:
                session.end() if session.closed else session.step()
            except Exception:
                logging.getLogger(__name__).exception("A listener failed twice; its session is closed.")
                session.close()
            del session, ready  # or a closed one would stay in memory until another is served

    def _ready(self) -> list[Session]:
        self._sessions = [session for session in self._sessions if not session.ended]
        return [session for session in self._sessions if session.closed or session.wants_step()]
