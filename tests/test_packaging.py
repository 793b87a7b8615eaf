"""Do people get what we built: a wheel without Node, an sdist with sources, a touched source at once?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.project_copy import BUILT, ROOT, STATIC, copy_project, run

EXPLORES_OFFLINE = """
import sys

def no_network(event, arguments):
    assert event != "socket.connect", arguments

sys.addaudithook(no_network)
import torch
import landscape_widget as lw

data = torch.ones(4, 3), torch.tensor([0, 1, 0, 1])
widget = lw.explore(torch.nn.Linear(3, 2), torch.nn.functional.cross_entropy, data, resolution=5)
assert widget.wait().is_done
print(lw.__file__, len(widget._esm), len(widget._css), len(widget._library._esm), sep="\\n")
"""


@pytest.fixture(scope="module")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH where there is nothing to run."""
    return str(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", folder, cwd=ROOT)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, without_node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the unpacked sdist, where Node is not needed."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    sources = folder / sdist.name.removesuffix(".tar.gz")
    build = (sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder)
    run(*build, cwd=sources, path=without_node)
    return next(folder.glob("*.whl"))


def test_the_sdist_has_the_sources_and_what_is_built_from_them(sdist: Path):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"js/package.json", "js/package-lock.json", "js/src/widget.ts", "README.md", "LICENSE"}
    assert expected | BUILT <= names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_the_wheel_has_the_package_and_nothing_else(wheel: Path):
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= BUILT
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"landscape_widget"}


def test_the_wheel_works_in_a_clean_environment_without_node_offline(
    wheel: Path, without_node: str, tmp_path: Path
):
    home = tmp_path / "clean"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=tmp_path,
    )
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))

    said = run(python, "-I", "-c", EXPLORES_OFFLINE, cwd=tmp_path, path=without_node).splitlines()
    assert Path(said[0]).is_relative_to(packages)
    built = [(ROOT / STATIC / name).read_text() for name in ("landscape.js", "widget.css", "library.js")]
    assert [int(length) for length in said[1:]] == [len(text) for text in built]


def test_a_missing_npm_is_said(tmp_path: Path, without_node: str):
    copy_project(tmp_path)
    shutil.rmtree(tmp_path / STATIC)
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    ran = subprocess.run(
        build, cwd=tmp_path, env=os.environ | {"PATH": without_node}, capture_output=True, text=True
    )
    assert ran.returncode != 0
    assert "Install Node.js 20 or newer" in ran.stdout + ran.stderr


def test_make_rebuilds_when_a_source_was_touched(tmp_path: Path):
    copy_project(tmp_path)
    built, source = tmp_path / STATIC / "library.js", tmp_path / "js/src/widget.ts"
    run("make", "static", cwd=tmp_path)
    run("make", "--question", built.relative_to(tmp_path), cwd=tmp_path)

    source.write_text(source.read_text() + '\n(globalThis as { touched?: string }).touched = "reached";\n')
    assert subprocess.run(["make", "--question", built.relative_to(tmp_path)], cwd=tmp_path).returncode == 1
    run("make", "static", cwd=tmp_path)
    served = "from landscape_widget.live.library import Library as L; print(L._esm)"
    assert "reached" in run(sys.executable, "-c", served, cwd=tmp_path)
    run("make", "--question", built.relative_to(tmp_path), cwd=tmp_path)
