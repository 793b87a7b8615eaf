"""Does nothing in the package run what a file says? Read off its own source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import landscape_widget

PACKAGE = Path(landscape_widget.__file__).parent
RUNS = {
    *("eval", "exec", "compile", "__import__", "execfile"),
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "cloudpickle.load", "cloudpickle.loads"),
    *("marshal.load", "marshal.loads", "shelve.open", "dill.load", "dill.loads", "joblib.load"),
    *("yaml.load", "yaml.unsafe_load", "os.system", "os.popen", "runpy.run_path", "runpy.run_module"),
    *("subprocess.run", "subprocess.Popen", "torch.jit.load", "torch.hub.load"),
}
"""What runs what it is given, or may."""

MEANT = {
    ("command/job.py", "runpy.run_path"): "a job file is the user's own program, and said to be one",
    ("evaluate/spread/messages.py", "pickle.loads"): "an error that a worker of the user's executor sent",
    ("evaluate/spread/parcel.py", "torch.load"): "the job, on a worker of the user's executor",
}
"""Where it is meant, and why; a page of the documentation says so to users."""

SAFE = {
    "torch.load": ("weights_only", True),
    "np.load": ("allow_pickle", False),
    "npy.read_array": ("allow_pickle", False),
}
"""What reads a file as data where it is told to → how it is told."""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def risky(source: str) -> list[str]:
    """Return what a source calls that could run what it reads."""
    found = []
    for name, call in calls(ast.parse(source)):
        told = {
            keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg in TOLD
        }
        keyword, right = SAFE.get(name, ("", None))
        if name in RUNS or (keyword and told.get(keyword) is not right):
            found.append(name)
    return found


TOLD = {keyword for keyword, _ in SAFE.values()}


def test_only_jobs_are_run_and_nothing_that_a_file_of_values_says():
    found = {
        (str(path.relative_to(PACKAGE)), name)
        for path in PACKAGE.rglob("*.py")
        for name in risky(path.read_text(encoding="utf-8"))
    }
    assert found == MEANT.keys()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("eval(text)", ["eval"]),
        ("pickle.loads(data)", ["pickle.loads"]),
        ("torch.load(path)", ["torch.load"]),
        ("torch.load(path, weights_only=False)", ["torch.load"]),
        ("torch.load(path, weights_only=True)", []),
        ("np.load(path)", ["np.load"]),
        ("npy.read_array(file, allow_pickle=True)", ["npy.read_array"]),
        ("npy.read_array(file, allow_pickle=False)", []),
        ("model.eval()", []),
        ("re.compile(text)", []),
    ],
)
def test_what_would_run_a_file_is_seen(source, found):
    assert risky(source) == found
