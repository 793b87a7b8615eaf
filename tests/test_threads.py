import threading

import torch

from landscape_widget.evaluate.threads import with_one_torch_thread


def counted_in_a_thread(first=lambda: None) -> int:
    counts: list[int] = []
    thread = threading.Thread(target=lambda: (first(), counts.append(torch.get_num_threads())))
    thread.start()
    thread.join()
    return counts[0]


def test_the_engine_gets_one_torch_thread_and_everybody_else_keeps_theirs():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        inside: list[int] = []
        with_one_torch_thread(lambda first: inside.append(counted_in_a_thread(first)))
        assert inside == [1]
        assert torch.get_num_threads() == 2
        assert counted_in_a_thread() == 2
    finally:
        torch.set_num_threads(before)
