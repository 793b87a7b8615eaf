"""Do timers go off in their order, on one thread, and leave nothing behind?"""

import gc
import threading
import weakref

from landscape_widget.live.clock import Clock
from landscape_widget.live.traits import daemon_timer


def test_what_is_due_first_is_called_first_whatever_was_asked_first():
    clock, called, done = Clock(), [], threading.Event()
    clock.later(0.06, done.set)
    clock.later(0.04, lambda: called.append("second"))
    clock.later(0.02, lambda: called.append("first"))
    assert done.wait(10)
    assert called == ["first", "second"]


def test_what_is_due_together_is_called_as_it_was_asked():
    clock, called, done = Clock(), [], threading.Event()
    hold = threading.Event()
    clock.later(0.0, lambda: hold.wait(10) and None)
    for number in range(50):
        clock.later(0.0, lambda number=number: called.append(number))
    clock.later(0.0, done.set)
    hold.set()
    assert done.wait(10)
    assert called == list(range(50))


def test_what_is_called_off_is_never_called_and_let_go():
    class Held:
        def call(self) -> None:
            called.append(self)

    clock, called, done = Clock(), [], threading.Event()
    held = Held()
    reference = weakref.ref(held)
    clock.later(0.02, held.call).cancel()
    del held
    gc.collect()
    assert reference() is None
    clock.later(0.04, done.set)
    assert done.wait(10)
    assert called == []


def test_a_thousand_timers_share_one_thread():
    clock, threads, done = Clock(), set(), threading.Event()
    for _ in range(1000):
        clock.later(0.001, lambda: threads.add(threading.get_ident()))
    clock.later(0.05, done.set)
    assert done.wait(10)
    assert len(threads) == 1 and threads != {threading.get_ident()}


def test_one_that_fails_is_told_and_the_next_is_called(caplog):
    clock, done = Clock(), threading.Event()
    clock.later(0.0, lambda: 1 // 0)
    clock.later(0.01, done.set)
    assert done.wait(10)
    assert "What was to be done later failed." in caplog.text


def test_one_that_asks_for_another_is_heard():
    clock, done = Clock(), threading.Event()
    clock.later(0.0, lambda: clock.later(0.0, done.set) and None)
    assert done.wait(10)


def test_widgets_use_one_clock():
    threads, done = set(), threading.Semaphore(0)

    def called() -> None:
        threads.add(threading.get_ident())
        done.release()

    for _ in range(2):
        daemon_timer(0.0, called)
        assert done.acquire(timeout=10)
    assert len(threads) == 1
