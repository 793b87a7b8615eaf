import sys

import pytest
import torch

from landscape_widget.command.job import read_job
from landscape_widget.command.options import known_options, options_of
from landscape_widget.command.settings import settings_of
from tests.command_cases import JOB, job


@pytest.fixture(autouse=True)
def path_kept(monkeypatch):
    """A job's folder becomes importable, in these tests for a moment only."""
    monkeypatch.setattr(sys, "path", list(sys.path))


def test_a_job_leaves_model_loss_data_and_options(tmp_path):
    found = read_job(job(tmp_path))
    assert found.loss(found.model(found.data[0]), None).item() == 13
    assert found.options == {"resolution": 9}


def test_a_function_may_return_them(tmp_path):
    text = JOB.replace(
        "model, loss, data =", "def landscape():\n    return dict(zip(('model', 'loss', 'data'), ("
    )
    text = text.replace("torch.zeros(8))\noptions = {", "torch.zeros(8)))), )\nother = {")
    found = read_job(job(tmp_path, text))
    assert type(found.model).__name__ == "Bowl" and found.options == {}


def test_what_it_defines_belongs_to_main_as_in_a_notebook(tmp_path):
    found = read_job(job(tmp_path))
    assert type(found.model).__module__ == found.loss.__module__ == "__main__"
    assert sys.modules["__main__"].__dict__.get("Bowl") is None


def test_modules_beside_it_can_be_imported_and_the_line_is_its_own(tmp_path):
    (tmp_path / "beside_the_job.py").write_text("HEIGHT = 3.0")
    text = f"import sys\nfrom beside_the_job import HEIGHT\nassert sys.argv == [__file__]\n{JOB}"
    assert read_job(job(tmp_path, text)).options == {"resolution": 9}


def test_its_own_errors_come_through(tmp_path):
    with pytest.raises(ZeroDivisionError):
        read_job(job(tmp_path, "1 / 0"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = 1", r"should leave model, loss and data behind; it has no loss and no data"),
        ("def landscape(): return 3", r"should return a dict with model, loss and data; it returned int"),
        ("def landscape(): return {'modle': 3}", r"got 'modle'. Did you mean 'model'\?"),
        ("model = loss = data = 1; options = [9]", r'such as \{"resolution": 101\}; got list'),
    ],
)
def test_a_job_that_leaves_something_else_is_told_what_to_leave(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        read_job(job(tmp_path, text))


def test_a_job_that_is_not_there_is_missed(tmp_path):
    with pytest.raises(ValueError, match=r"Expected a job, a Python file; there is no file .*job\.py"):
        read_job(tmp_path / "job.py")


def test_settings_are_literals_or_texts_and_nothing_is_executed(tmp_path):
    words = [
        "resolution=101",
        "x=-1,1",
        " mode = train ",
        "name='a = b'",
        "seed=7",
        "seed=8",
        "y=__import__('os')",
    ]
    assert settings_of(words) == {
        "resolution": 101,
        "x": (-1, 1),
        "mode": "train",
        "name": "a = b",
        "seed": 8,
        "y": "__import__('os')",
    }


@pytest.mark.parametrize("word", ["resolution", "=3", ""])
def test_a_setting_without_name_or_value_is_refused(word):
    with pytest.raises(ValueError, match=r"--set takes name=value, such as --set resolution=101; got"):
        settings_of([word])


def test_the_command_line_wins_over_the_job():
    given = {"resolution": 9, "seed": 1, "device": "cuda"}
    assert options_of(given, {"seed": 2}, ["cpu"]) == {"resolution": 9, "seed": 2, "device": "cpu"}
    assert options_of(given, {}, ["cuda:0", "cuda:1"])["device"] == ["cuda:0", "cuda:1"]
    assert options_of(given, {}, None) == given


def test_a_type_is_named_as_in_torch():
    assert options_of({}, {"dtype": "float64"}, None) == {"dtype": torch.float64}
    assert options_of({}, {"dtype": "torch.bfloat16"}, None) == {"dtype": torch.bfloat16}
    assert options_of({}, {"dtype": "nn"}, None) == {"dtype": "nn"}, "for the door to refuse"


def test_unknown_options_are_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"got 'resolutoin'. Did you mean 'resolution'\?"):
        options_of({}, {"resolutoin": 9}, None)
    with pytest.raises(ValueError, match=r"An option of the job must be .*Did you mean 'normalization'\?"):
        options_of({"normalisation": "layer"}, {}, None)


def test_what_has_a_word_of_its_own_is_not_set():
    with pytest.raises(ValueError, match="device can't be set by --set; it is said with --device"):
        options_of({}, {"device": "cpu"}, None)
    assert "resolution" in known_options() and "model" not in known_options()
