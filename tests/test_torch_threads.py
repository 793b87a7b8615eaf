import threading
from collections.abc import Callable

import pytest
import torch

from landscape_widget.objective.torch_threads import leaving_one_core, one_torch_thread


@pytest.fixture(autouse=True)
def two_threads_here():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


class Later:
    """A thread that is started, and asked for its count only when everything else is done."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.counts: list[int] = []

    def start(self, first: Callable[[], None] = lambda: None) -> None:
        ready = threading.Event()

        def run() -> None:
            first()
            ready.set()
            self.asked.wait(10)
            torch.ones(300, 300) @ torch.ones(300, 300)
            self.counts.append(torch.get_num_threads())

        self.thread = threading.Thread(target=run)
        self.thread.start()
        ready.wait(10)

    def count(self) -> int:
        self.asked.set()
        self.thread.join(10)
        return self.counts[0]


@pytest.mark.parametrize(("here", "there"), [(1, 1), (2, 1), (3, 2)])
def test_the_engine_leaves_one_core_and_keeps_to_that_after_the_others_got_theirs_back(here, there):
    torch.set_num_threads(here)
    engine = Later()
    leaving_one_core(engine.start)
    assert torch.get_num_threads() == here
    assert engine.count() == there


def test_threads_made_afterwards_start_with_what_the_user_had():
    engine = Later()
    leaving_one_core(engine.start)
    other = Later()
    other.start()
    assert other.count() == 2
    engine.count()


def test_one_thread_for_a_moment_leaves_the_count_as_it_was() -> None:
    with pytest.raises(ArithmeticError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise ArithmeticError
    assert torch.get_num_threads() == 2
