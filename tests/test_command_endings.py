import errno
import traceback

import pytest

from landscape_widget.atomic import replaced
from landscape_widget.command.endings import FAILED, OURS, REFUSED, ending_of
from landscape_widget.command.settings import settings_of
from tests.command_cases import job


def raised(does, *given) -> Exception:
    """What a call raises, with the way to it."""
    with pytest.raises(Exception) as caught:
        does(*given)
    return caught.value


SENTENCE = "Expected a loss that can be called."


def explain(error: Exception) -> None:
    """Raise as our own door does, on a line that counts as ours."""
    names = {"error": error, "sentence": SENTENCE}
    exec(compile("raise ValueError(sentence) from error", str(OURS / "door.py"), "exec"), names)


def run(path) -> None:
    exec(compile(path.read_text(), path, "exec"), {})


def test_what_we_refuse_is_one_sentence(tmp_path):
    error = raised(settings_of, ["resolution"])
    assert ending_of(error, tmp_path / "job.py") == (REFUSED, str(error))


def test_what_the_job_raises_is_told_from_its_own_first_line_on(tmp_path):
    path = job(tmp_path, "def divided():\n    return 1 / 0\n\n\ndivided()\n")
    code, told = ending_of(raised(run, path), path)
    assert code == FAILED
    assert told.startswith(f'Traceback (most recent call last):\n  File "{path}", line 5')
    assert told.endswith("ZeroDivisionError: division by zero")


def test_what_the_job_raises_of_our_kind_is_still_its_own(tmp_path):
    path = job(tmp_path, "raise ValueError('the data are gone')")
    code, told = ending_of(raised(run, path), path)
    assert code == FAILED and told.endswith("ValueError: the data are gone")


def test_what_we_say_of_an_error_of_the_job_comes_after_the_way_to_it(tmp_path):
    path = job(tmp_path, "def divided():\n    return 1 / 0\n\n\ndivided()\n")

    def refused() -> None:
        try:
            run(path)
        except ZeroDivisionError as error:
            explain(error)

    code, told = ending_of(raised(refused), path)
    assert code == FAILED
    assert told.startswith(f'Traceback (most recent call last):\n  File "{path}", line 5')
    assert told.endswith(f"ZeroDivisionError: division by zero\n\n{SENTENCE}")


def test_what_is_raised_deep_in_a_library_has_the_whole_way(tmp_path):
    error = raised(int, "nine")
    code, told = ending_of(error, tmp_path / "job.py")
    assert code == FAILED and told == "".join(traceback.format_exception(error)).rstrip()


def test_a_mistake_of_ours_is_no_refusal(tmp_path):
    code, told = ending_of(raised({}.__getitem__, "missing"), None)
    assert code == FAILED and "KeyError" in told


def test_where_no_job_runs_a_missing_file_is_a_sentence(tmp_path):
    error = raised((tmp_path / "away.npz").open)
    assert ending_of(error, None) == (REFUSED, f"{tmp_path / 'away.npz'}: No such file or directory.")


def test_words_of_our_own_about_a_file_stand_alone(tmp_path):
    error = raised(replaced(tmp_path).__enter__)
    assert error.errno == errno.EISDIR
    assert (
        ending_of(error, None)[1] == f"{tmp_path} can't be written: it is a directory. Add the name of a file"
    )
