import pytest

from landscape_widget.live.reading import in_output, reading_note


class Screen:
    def __init__(self) -> None:
        self.shown: list[str] = []

    def __call__(self, sentence: str):
        self.shown.append(sentence)
        return self.shown.append


def test_a_quick_reading_says_nothing():
    screen, ticks = Screen(), iter([0.0, 0.1, 0.2])
    with reading_note(lambda: next(ticks), screen) as read:
        read(100)
        read(200)
    assert screen.shown == []


def test_a_slow_reading_counts_and_then_goes():
    screen, ticks = Screen(), iter([0.0, 0.1, 0.7, 0.8, 1.1])
    with reading_note(lambda: next(ticks), screen) as read:
        for samples in (800, 1600, 2400, 3200):
            read(samples)
    assert screen.shown == [
        "reading data: 1,600 samples so far (interrupt the kernel to stop)",
        "reading data: 3,200 samples so far (interrupt the kernel to stop)",
        "",
    ]


def test_an_interrupted_reading_leaves_no_line_behind():
    screen, ticks = Screen(), iter([0.0, 1.0])
    with pytest.raises(KeyboardInterrupt), reading_note(lambda: next(ticks), screen) as read:
        read(10)
        raise KeyboardInterrupt
    assert screen.shown[-1] == ""


def test_outside_a_notebook_there_is_nowhere_to_show_it():
    in_output("reading data")("")
