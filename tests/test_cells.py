from landscape_widget.live.cells import Cells, running_cell


class Widget:
    closed = False

    def close(self) -> None:
        self.closed = True


def test_running_a_cell_again_closes_what_it_made_before():
    run = ["a", "first"]
    cells = Cells(lambda: (run[0], run[1]))
    earlier, twin, elsewhere, later = Widget(), Widget(), Widget(), Widget()
    cells.made(earlier)
    cells.made(twin)
    run[:] = ["b", "second"]
    cells.made(elsewhere)
    run[:] = ["a", "third"]
    cells.made(later)
    assert [w.closed for w in (earlier, twin, elsewhere, later)] == [True, True, False, False]


def test_outside_a_notebook_nothing_is_closed():
    cells = Cells(lambda: None)
    first = Widget()
    cells.made(first)
    cells.made(Widget())
    assert not first.closed


def test_there_is_no_running_cell_here():
    assert running_cell() is None
