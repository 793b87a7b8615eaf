import threading
import time
from dataclasses import replace

import pytest
import traitlets

from landscape_widget.live.request import Option
from landscape_widget.live.work import Work
from tests.comparison_cases import Parabolas, candidate, compared
from tests.live_cases import CHOICES, TRAITS, Growing, Slope, Walk


def page_says(comparison, **content) -> None:
    """A custom message from the browser."""
    comparison._handle_custom_msg(content, [])


def travelled(title, size):
    """A slope with a trajectory."""
    ways = tuple(Option(key, key, "") for key in ("start", "principal 0", "principal 1"))
    choices = replace(CHOICES, directions=(*CHOICES.directions, *ways))
    return candidate(title, choices=choices, work=Work(Growing(Walk(size)).prepare, time.monotonic))


def fine(title, slope=None):
    """A member of three levels."""
    return candidate(title, slope, request={**TRAITS, "resolution": (17, 17)})


@pytest.fixture
def comparison():
    made = compared(candidate("a"), candidate("b", own=frozenset({"x"})), name="two")
    yield made
    made.close()


def test_members_are_landscapes_that_the_page_finds_by_their_models(comparison):
    surfaces = comparison.wait()
    assert list(surfaces) == list(comparison) == ["a", "b"] and len(comparison) == 2
    assert all(surface.is_done for surface in surfaces.values())
    assert comparison["a"].surface is surfaces["a"] is comparison.surfaces["a"]
    references = [member["ref"] for member in comparison.members]
    assert references == [f"anywidget:{comparison[title].model_id}" for title in comparison]
    assert comparison.members[1]["own"] == ["x"] and comparison.matrix is None


def test_an_unknown_member_is_refused_with_the_nearest(comparison):
    with pytest.raises(ValueError, match="A member of this comparison must be one of 'a', 'b'; got 'c'"):
        comparison["c"]


def test_a_matrix_may_be_asked_by_place_or_by_words():
    comparison = compared(candidate(("deep", "wide")), candidate(("deep", "narrow")))
    assert comparison.matrix == {"rows": ["deep"], "columns": ["wide", "narrow"]}
    assert comparison["deep", "narrow"] is comparison["deep · narrow"]
    assert comparison["deep", "narrow"].name == "deep · narrow"
    assert [member["cell"] for member in comparison.members] == [[0, 0], [0, 1]]
    comparison.close()


def test_what_is_asked_of_the_comparison_is_asked_of_all_but_of_whom_it_was_given(comparison):
    comparison.x = (-0.5, 0.5)
    comparison.normalization = "none"
    surfaces = comparison.wait()
    assert comparison["a"].x == (-0.5, 0.5) and comparison["b"].x == (-1.0, 1.0)
    assert comparison["b"].normalization == "none"
    assert surfaces["a"].grid.x.low == -0.5


def test_what_the_page_sets_is_checked_and_reaches_all(comparison):
    comparison.set_state({"y": [-2, 2], "members": [], "table": [], "differences": ["x"]})
    assert comparison["a"].y == comparison["b"].y == (-2.0, 2.0)
    assert len(comparison.members) == 2 and comparison.differences == []
    comparison.set_state({"y": [2, -2], "insist": True})
    assert comparison.y == (-2.0, 2.0) and comparison.insist
    assert "low below high" in comparison.of_kind("refusal")[-1]["reason"]


def test_python_is_refused_too(comparison):
    with pytest.raises(traitlets.TraitError, match="normalization must be one of 'filter', 'none'"):
        comparison.normalization = "fliter"


def test_the_status_adds_up_what_the_members_know(comparison):
    comparison.wait()
    status = comparison.status
    assert status["phase"] == "done" and status["known"] == status["cells"] == 162
    assert status["drawn"] == [9, 9] and comparison.error is None


def test_the_table_is_filled_when_no_picture_wants_anything():
    slope = Slope()
    slope.hold(after=30)
    parabolas = Parabolas()
    first = candidate("a", slope, lines=lambda: Work(parabolas.prepare, time.monotonic))
    comparison = compared(first, candidate("b"))
    assert slope.held.wait(10)
    assert parabolas.cells == 0 and comparison.table[0]["width_1.0"] is None
    heard = []
    comparison.observe(lambda change: heard.append((change["new"]["phase"], change["new"]["task"])), "status")
    slope.release()
    comparison.wait()
    assert heard[-2:] == [("done", "table"), ("done", None)]
    assert [row["width_1.0"] for row in comparison.table] == pytest.approx([1.0, 1.0])
    assert [row["loss"] for row in comparison.table] == [0.0, 0.0]
    comparison.close()


def test_lines_are_measured_again_only_where_they_would_differ(comparison):
    made = []
    comparison.close()
    counted = candidate("a", lines=lambda: made.append(1) or Work(Parabolas().prepare, time.monotonic))
    comparison = compared(counted, candidate("b"))
    comparison.wait()
    comparison.x = (-2.0, 2.0)
    comparison.kind = "surface"
    comparison.wait()
    assert len(made) == 1
    comparison.normalization = "none"
    comparison.wait()
    assert len(made) == 2 and comparison.table[0]["width_1.0"] is not None
    comparison.close()


def test_coarse_levels_of_all_come_first():
    order, slopes = [], [Slope(), Slope(), Slope()]
    slopes[0].hold(after=3)
    comparison = compared(*(fine(title, slope) for title, slope in zip("abc", slopes, strict=True)))
    for title in comparison:
        comparison[title].observe(
            lambda change, title=title: order.append((change["new"]["level"], title)), "status"
        )
    assert slopes[0].held.wait(10)
    slopes[0].release()
    comparison.wait()
    first = {title: order.index((0, title)) for title in "abc"}
    assert max(first.values()) < min(index for index, (level, _) in enumerate(order) if level == 2)
    comparison.close()


def test_a_failure_is_the_members_own_until_nothing_else_is_left():
    broken, also = Slope(), Slope()
    broken.fail_at, also.fail_at = 3, 5
    comparison = compared(candidate("a", broken), candidate("b"))
    with pytest.raises(ZeroDivisionError):
        comparison.wait()
    comparison["b"].wait()
    assert (comparison["a"].error or {})["message"].startswith("ZeroDivisionError")
    assert comparison.error is None and comparison.status["phase"] == "done"
    broken.fail_at = -1
    page_says(comparison, kind="retry")
    assert comparison.wait()["a"].is_done
    comparison.close()
    broken.fail_at = broken.cells + 1
    comparison = compared(candidate("a", broken), candidate("b", also))
    for title in comparison:
        with pytest.raises(ZeroDivisionError):
            comparison[title].wait()
    assert (comparison.error or {})["message"].startswith("'a': ZeroDivisionError")
    comparison.close()


def test_all_pause_resume_and_stop_together():
    slope = Slope()
    slope.hold(after=10)
    comparison = compared(candidate("a", slope), candidate("b"))
    assert slope.held.wait(10)
    page_says(comparison, kind="pause")
    slope.release()
    assert comparison["a"].status["phase"] == "paused"
    with pytest.raises(RuntimeError, match="call resume"):
        comparison.wait()
    page_says(comparison, kind="resume")
    assert all(surface.is_done for surface in comparison.wait().values())
    assert comparison.table[1]["width_1.0"] == pytest.approx(1.0)
    comparison.close()


def test_an_automatic_range_is_wide_enough_for_all(comparison):
    comparison.wait()
    comparison._range.ask(lambda title: None)
    comparison._range.hear("a", ((-0.5, 2.0), (-1.0, 1.0)))
    assert comparison.x == (-1.0, 1.0)
    comparison._range.hear("b", ((-3.0, 1.0), "The loss doesn't rise"))
    assert comparison.x == (-3.0, 2.0) and comparison.y == (-1.0, 1.0)


def test_refining_further_refines_all(comparison):
    comparison.wait()
    page_says(comparison, kind="refine_further")
    assert {surface.grid.name for surface in comparison.wait().values()} == {"17 × 17"}


def test_pings_are_answered_and_nonsense_is_refused(comparison):
    comparison.wait()
    page_says(comparison, kind="ping", ping=7)
    (pong,) = comparison.of_kind("pong")
    assert pong["ping"] == 7 and pong["told"] == {"generation": 0, "sequence": 0, "phase": "done"}
    page_says(comparison, kind="explode")
    assert "explode" in comparison.of_kind("refusal")[-1]["reason"]


def test_the_papers_preset_draws_each_kind_as_the_paper_does(comparison):
    comparison.kind = "contour"
    comparison.preset("paper")
    assert comparison.levels == "paper" and comparison.scale == "linear"
    with pytest.raises(ValueError, match="A preset must be one of 'paper'"):
        comparison.preset("papers")


def test_a_preset_of_a_path_looks_where_every_members_path_runs():
    comparison = compared(travelled("a", 3), travelled("b", 6))
    comparison.wait()
    comparison.fit_path()
    comparison.wait()
    assert comparison.x == comparison["a"].x == (-0.15, 1.15)
    assert "doesn't move along this axis" in comparison.of_kind("refusal")[-1]["reason"]
    page_says(comparison, kind="preset", key="start and random, zoomed")
    surfaces = comparison.wait()
    assert [choice["key"] for choice in comparison.directions] == ["start", "random"]
    assert comparison["b"].directions == comparison.directions
    assert [len(surface.path.steps) for surface in surfaces.values() if surface.path] == [3, 6]
    comparison.close()


def test_new_axes_are_those_of_the_checkpoints_there_are_by_now():
    comparison = compared(travelled("a", 3), travelled("b", 6))
    comparison.wait()
    page_says(comparison, kind="refit")
    comparison.wait()
    assert [(choice["key"], choice["seed"]) for choice in comparison["a"].directions] == [
        ("principal 0", 6),
        ("principal 1", 6),
    ]
    comparison.close()


def test_an_unknown_preset_of_the_page_is_refused(comparison):
    page_says(comparison, kind="preset", key="papers")
    assert "A preset must be one of 'paper'" in comparison.of_kind("refusal")[-1]["reason"]


def test_a_figure_is_drawn_as_the_page_shows_it(comparison):
    comparison.wait()
    comparison.metric, comparison.clip, comparison.kind = "loss", 4.0, "heatmap"
    (surfaces, kind, scale), options = comparison.figure(colors="grey")
    assert list(surfaces) == ["a", "b"] and kind == "heatmap" and scale == "auto"
    assert options["clip"] == 4.0 and options["colors"] == "grey" and options["shared"]


def test_a_figure_says_what_is_known_of_members_at_the_moment_drawn():
    comparison = compared(candidate("a", about="wd 5e-4"), candidate("b"), moment=2)
    _, options = comparison.figure()
    assert options["about"] == {"a": "wd 5e-4", "b": ""} and options["moment"] == 2
    comparison.close()


def test_a_figure_of_lines_is_a_chart_whatever_planes_would_be_drawn_as():
    line = {**TRAITS, "directions": TRAITS["directions"][:1]}
    comparison = compared(candidate("a", request=line), candidate("b", request=line), kind="contour")
    (_, kind, _), _ = comparison.figure()
    assert kind == "line"
    comparison.close()


def test_members_measured_otherwise_are_told_apart():
    comparison = compared(
        candidate("a"), candidate("b", request={**TRAITS, "samples": 50}, own=frozenset({"samples"}))
    )
    comparison.wait()
    (sentence,) = comparison.differences
    assert sentence == "samples: 100 for 'a', 50 for 'b'"
    comparison.close()


def test_nobody_waits_for_nobody_when_two_threads_ask_while_members_tell():
    comparison = compared(fine("a"), fine("b"))

    def ask(trait):
        for step in range(40):
            setattr(comparison, trait, (-1.0 - step / 10, 1.0))

    threads = [threading.Thread(target=ask, args=(trait,)) for trait in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert all(surface.is_done for surface in comparison.wait().values())
    assert comparison["a"].x == comparison["b"].x == comparison.x
    comparison.close()


def test_closing_ends_all_members(comparison):
    members = [comparison[title] for title in comparison]
    comparison.close()
    for member in members:
        with pytest.raises(RuntimeError, match="closed"):
            member.pause()


def test_a_closed_comparison_says_how_to_open_another(comparison):
    comparison.close()
    with pytest.raises(RuntimeError, match=r"This comparison is closed; call compare\(\) again"):
        comparison.wait()
