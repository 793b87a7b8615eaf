"""Which widgets of a process share the library that carries the face?"""

from IPython.core import getipython

from landscape_widget import shared


def test_in_jupyter_all_share_one_until_somebody_closes_it(monkeypatch):
    monkeypatch.setattr(getipython, "get_ipython", object)
    first = shared.library()
    assert shared.library() is first
    first.close()
    second = shared.library()
    assert second is not first and second.comm is not None


def test_one_that_is_shared_stays_when_the_last_that_used_it_is_closed(monkeypatch):
    monkeypatch.setattr(getipython, "get_ipython", object)
    library = shared.library()
    library.enter("a")
    library.leave("a")
    assert library.comm is not None


def test_one_that_is_not_closes_with_the_last_that_used_it():
    library = shared.library()
    for address in ("a", "b"):
        library.enter(address)
    library.leave("a")
    assert library.comm is not None
    library.leave("b")
    library.leave("b")
    assert library.comm is None


def test_elsewhere_a_process_may_serve_many_pages_that_know_nothing_of_each_other():
    assert shared.library() is not shared.library()
