import errno
import io
import os
import re
import signal
import sys

import numpy as np
import pytest

import landscape_widget as lw
from landscape_widget.command.interrupts import Interrupts
from landscape_widget.command.main import main
from landscape_widget.surface import files as surface_files
from landscape_widget.surface.growing import journal_of
from landscape_widget.surface.only_writer import only_writer
from landscape_widget.surface.run_file import RunFile
from tests.command_cases import JOB, STOPPED_IN_THE_MIDDLE, job, known


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Everything happens in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def test_a_job_becomes_a_file_and_the_terminal_hears_of_it(folder, capsys):
    assert main(["compute", str(job(folder)), "--out", "surface.npz"]) == 0
    surface = lw.load("surface.npz")
    assert surface.is_done and surface.at("origin")["loss"] == 13
    out, err = capsys.readouterr()
    assert out == f"surface.npz: 9×9 · 81 cells · lowest loss {surface.values.min():.3g} · in under 1 s\n"
    assert [line.split(" · ")[0] for line in err.splitlines()[-2:]] == ["5×5 of 9×9", "9×9"]


def test_it_is_what_a_notebook_computes_bit_for_bit(folder):
    main(["compute", str(job(folder)), "--out", "surface.npz", "--set", "seed=3", "--quiet"])
    names: dict = {"__name__": "__main__"}
    exec(JOB, names)
    asked = {**names["options"], "seed": 3, "resume": "notebook.npz"}
    here = lw.compute(names["model"], names["loss"], names["data"], **asked)
    there = lw.load("surface.npz")
    assert np.array_equal(here["loss"], there["loss"])
    for name in ("identity", "origin", "fingerprints", "data_fingerprint", "loss", "seed", "gram", "labels"):
        assert here.settings[name] == there.settings[name], name


def test_several_devices_are_a_worker_each(folder):
    line = ["compute", str(job(folder)), "--quiet", "--out"]
    assert main([*line, "two.npz", "--device", "cpu", "cpu"]) == 0
    assert main([*line, "one.npz", "--device", "cpu"]) == 0
    two, one = lw.load("two.npz"), lw.load("one.npz")
    np.testing.assert_allclose(two["loss"], one["loss"], rtol=1e-6)
    assert two.settings["engine"]["workers"] == 2


def test_quiet_says_nothing(folder, capsys):
    assert main(["compute", str(job(folder)), "--out", "surface.npz", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "surface.png"], "--out names the .npz that keeps everything; got surface.png."),
        (["--out", "away/surface.npz"], "there is no away. Make it first."),
        (["--out", "old.npz"], "old.npz is there already. Go on from it with --resume, or replace it"),
        (["--out", "s.npz", "--set", "resolutoin=9"], "Did you mean 'resolution'?"),
        (["--out", "s.npz", "--set", "resolution=1"], "from 2 to 10,000,000; got 1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(folder, capsys, words, said):
    known(81).save("old.npz")
    before = (folder / "old.npz").read_bytes()
    assert main(["compute", str(job(folder)), *words]) == 2
    out, err = capsys.readouterr()
    assert said in err and "Traceback" not in err and out == ""
    assert (folder / "old.npz").read_bytes() == before and not (folder / "s.npz").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required"),
        (["compote"], "invalid choice: 'compote'"),
        (["compute", "job.py"], "the following arguments are required: --out"),
        (
            ["compute", "job.py", "--out", "s.npz", "--workers", "none"],
            "expected a number of processes from 1",
        ),
        (["compute", "job.py", "--out", "s.npz", "--resume", "--overwrite"], "not allowed with argument"),
    ],
)
def test_a_line_that_makes_no_sense_ends_with_2(capsys, words, said):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2 and said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["compute", "--help"], ["show", "--help"], ["info", "--help"]])
def test_help_shows_what_to_write(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr().out
    assert ended.value.code == 0 and "{" not in told.replace("{compute,show,info}", "").replace(
        '{"resolution"', ""
    )
    assert {
        "--help": "compute job.py --out surface.npz",
        "compute": "options = {",
        "show": "--set kind=contour",
    }.get(words[0], "finished or still growing") in told


def test_what_the_loss_raises_is_the_jobs(folder, capsys):
    text = JOB.replace(
        "    return output.mean()",
        "    if output.mean() > 14:\n        raise OSError('far')\n    return output.mean()",
    )
    assert main(["compute", str(job(folder, text)), "--out", "surface.npz"]) == 1
    err = capsys.readouterr().err
    said, told = err[: err.index("Traceback")], err[err.index("Traceback") :]
    assert said.endswith("What was known by then is in surface.npz; --resume goes on from there.\n")
    assert np.count_nonzero(lw.load("surface.npz").known) > 0
    assert told.splitlines()[1].startswith(f'  File "{folder / "job.py"}"') and told.endswith(
        "OSError: far\n"
    )


def test_a_loss_that_raises_at_once_is_shown_before_what_we_say_of_it(folder, capsys):
    text = JOB.replace("    return output.mean()", "    raise ZeroDivisionError('no mean')")
    assert main(["compute", str(job(folder, text)), "--out", "surface.npz"]) == 1
    told, said = capsys.readouterr().err.split("\n\n")
    assert told.startswith("Traceback") and told.endswith("ZeroDivisionError: no mean")
    assert said.startswith("Expected a loss that can be called")


def test_ctrl_c_keeps_what_is_known_and_resume_goes_on_from_there(folder, capsys):
    line = ["compute", str(job(folder, STOPPED_IN_THE_MIDDLE)), "--out", "surface.npz"]
    assert main(line) == 130
    known_then = lw.load("surface.npz")
    assert 0 < np.count_nonzero(known_then.known) < 81
    err = capsys.readouterr().err
    assert err.endswith("Stopped. The same line with --resume goes on from surface.npz.\n")
    assert main([*line, "--resume"]) == 0
    told = capsys.readouterr().err
    assert f"kept in surface.npz: {np.count_nonzero(known_then.known)} of 81 cells were there" in told
    main(["compute", str(job(folder)), "--out", "plain.npz", "--quiet"])
    assert np.array_equal(lw.load("surface.npz")["loss"], lw.load("plain.npz")["loss"])
    assert sorted(path.suffix for path in folder.glob("*npz*")) == [".npz", ".npz"], "no journal is left"


def test_resume_begins_where_there_is_nothing_yet(folder):
    assert main(["compute", str(job(folder)), "--out", "surface.npz", "--resume", "--quiet"]) == 0
    assert lw.load("surface.npz").is_done


def test_what_was_computed_from_something_else_isnt_gone_on_from(folder, capsys):
    line = ["compute", str(job(folder)), "--out", "surface.npz", "--quiet"]
    main(line)
    before = (folder / "surface.npz").read_bytes()
    job(folder, JOB.replace("torch.tensor([[3.0, 4.0]])", "torch.tensor([[3.0, 5.0]])"))
    assert main([*line, "--resume"]) == 2
    assert re.search(r"holds another landscape: .*its weights differ", capsys.readouterr().err)
    assert (folder / "surface.npz").read_bytes() == before
    assert main([*line, "--overwrite"]) == 0
    assert lw.load("surface.npz").at("origin")["loss"] == 20


def test_a_file_that_somebody_writes_is_left_to_them(folder, capsys):
    taken = only_writer(journal_of(folder / "surface.npz"))
    for words in ([], ["--resume"], ["--overwrite"]):
        assert main(["compute", str(job(folder)), "--out", "surface.npz", *words]) == 2
        assert "is being written by" in capsys.readouterr().err
    taken.close()


def test_what_the_disk_didnt_take_is_said_at_the_end(folder, capsys, monkeypatch):
    def full(surface, path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(surface_files, "save", full)
    assert main(["compute", str(job(folder)), "--out", "surface.npz"]) == 1
    out, err = capsys.readouterr()
    assert "9×9 · 81 cells" in out
    assert err.endswith(
        "surface.npz doesn't hold all of it. What is new could not be written (No space left on device).\n"
    )


def test_signals_are_heeded_again_afterwards(folder):
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    with Interrupts() as interrupts:
        assert not interrupts() and interrupts.code == 0
        os.kill(os.getpid(), signal.SIGTERM)
        assert interrupts() and interrupts.code == 143
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_second_ctrl_c_waits_for_nothing(folder):
    with pytest.raises(KeyboardInterrupt), Interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()


def test_ctrl_c_while_the_job_runs_ends_at_once(folder, capsys):
    assert main(["compute", str(job(folder, "raise KeyboardInterrupt")), "--out", "surface.npz"]) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_a_file_is_shown_as_its_suffix_says(folder, capsys):
    known(81).save("surface.npz")
    assert (
        main(["show", "surface.npz", "--out", "picture.svg", "--set", "kind=contour", "--set", "dpi=80"]) == 0
    )
    assert "<svg" in (folder / "picture.svg").read_text()
    assert main(["show", "surface.npz", "--out", "page.html"]) == 0
    assert capsys.readouterr().out.split() == [str(folder / "picture.svg"), str(folder / "page.html")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "surface.npz", "--out", "picture.gif"], "A surface is saved as one of"),
        (
            ["show", "surface.npz", "--out", "p.png", "--set", "knd=line"],
            "has no option 'knd'; it takes 'kind'",
        ),
        (["show", "away.npz", "--out", "picture.png"], "No such file"),
        (["info", "picture.png"], "is made for other programs"),
    ],
)
def test_what_cant_be_shown_is_said(folder, capsys, words, said):
    known(81).save("surface.npz")
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_info_says_how_far_it_is_and_what_made_it(folder, capsys):
    main(["compute", str(job(folder)), "--out", "surface.npz", "--set", "name=bowl", "--quiet"])
    assert main(["info", "surface.npz"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["bowl · 9×9 · 81 cells", "cells: 81 exact"]
    assert lines[2].startswith("loss: ") and lines[2].endswith("; at the origin 13")
    assert any(line.startswith("direction 1: random, seed 0 (") for line in lines)


def test_info_says_of_a_file_that_grows_when_somebody_wrote(folder, capsys):
    file = RunFile("surface.npz", lambda: 0.0, others={})
    file.append(known(0))
    file.append(known(25))
    assert main(["info", "surface.npz"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5×5 of 9×9 · 25 of 81 cells" and lines[-1] == "not done; last written under 1 s ago"
    file.close()


def test_a_terminal_that_knows_only_ascii_is_no_end(monkeypatch):
    known(81).save("surface.npz")
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii"))
    assert main(["info", "surface.npz"]) == 0
    sys.stdout.flush()
    assert screen.getvalue().startswith(b"9\\xd79 \\xb7 81 cells")


def test_info_counts_cells_by_state(capsys):
    known(40).save("surface.npz")
    main(["info", "surface.npz"])
    assert capsys.readouterr().out.splitlines()[:3] == [
        "5×5 of 9×9 · 40 of 81 cells",
        "cells: 41 unknown, 40 exact",
        "loss: 0.5 to 0.5",
    ]
