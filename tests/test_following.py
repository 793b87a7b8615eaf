import os

import numpy as np
import pytest

from landscape_widget.surface.following import Following
from landscape_widget.surface.growing import journal_of, read_grown
from landscape_widget.surface.run_file import RunFile
from landscape_widget.values import State
from tests.command_cases import known


def writer(path) -> RunFile:
    """One that has begun with a surface of which nothing is known."""
    file = RunFile(path, lambda: 0.0, others={})
    file.append(known(0))
    return file


def test_what_is_written_is_news_once(tmp_path):
    path = tmp_path / "run.npz"
    file = writer(path)
    following = Following(read_grown(path))
    assert following.grows and not following.has_news() and following.news() is None
    file.append(known(25))
    assert following.has_news()
    news = following.news()
    assert np.array_equal(news.states, known(25).states)
    assert not following.has_news() and following.news() is None and following.surface is news
    file.close()


def test_before_the_first_cell_it_grows_already(tmp_path):
    path = tmp_path / "run.npz"
    file = writer(path)
    assert journal_of(path).exists() and Following(read_grown(path)).grows
    file.finish(known(81))


def test_the_last_news_is_that_it_is_done(tmp_path):
    path = tmp_path / "run.npz"
    file = writer(path)
    following = Following(read_grown(path))
    file.append(known(25))
    following.news()
    file.finish(known(81))
    assert following.has_news() and following.news().is_done and not following.grows


def test_a_finished_file_has_no_news(tmp_path):
    known(81).save(tmp_path / "run.npz")
    following = Following(read_grown(tmp_path / "run.npz"))
    assert not following.grows and not following.has_news() and following.news() is None


def test_it_is_known_when_somebody_wrote(tmp_path):
    path = tmp_path / "run.npz"
    file = writer(path)
    file.append(known(25))
    os.utime(path, (1000, 1000))
    os.utime(journal_of(path), (2000, 2000))
    assert Following(read_grown(path)).written() == 2000
    file.close()


def test_a_file_that_is_away_for_a_moment_has_no_news(tmp_path):
    path = tmp_path / "run.npz"
    file = writer(path)
    file.append(known(25))
    following = Following(read_grown(path))
    away = path.rename(tmp_path / "away.npz")
    assert following.has_news() and following.news() is None
    away.rename(path)
    file.append(known(30))
    assert np.count_nonzero(following.news().states == State.EXACT) == 30
    file.close()


@pytest.mark.parametrize("other", [known(0, points=17), known(0, settings={"origin": "other weights"})])
def test_another_landscape_in_its_place_is_no_news_but_an_end(tmp_path, other):
    path = tmp_path / "run.npz"
    writer(path).close()
    following = Following(read_grown(path))
    other.save(path)
    with pytest.raises(
        ValueError, match=r"has become another landscape.*Show it with explore\('.*run\.npz'\)"
    ):
        following.news()
