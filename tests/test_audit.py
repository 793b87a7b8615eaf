"""Does the audit tell "clean" from "nobody could be asked"? Asked of tools that only pretend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.supply.audit import CLEAN, FOUND, NOT_REACHABLE, npm_answer, python_answer, report, run_tool

HARMLESS = {"name": "numpy", "version": "2.0.0", "vulns": []}
BROKEN = {"name": "torch", "version": "2.2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.6.0"]}]}
SKIPPED = {"name": "torch", "skip_reason": "not found on the index"}
NO_FLAWS = {"vulnerabilities": {}, "metadata": {}}


def saying(told: object):
    return lambda command, folder: told if isinstance(told, str) else json.dumps(told)


@pytest.mark.parametrize(
    ("told", "code", "sentence"),
    [
        ({"dependencies": [HARMLESS, HARMLESS]}, CLEAN, ""),
        ({"dependencies": [HARMLESS, BROKEN]}, FOUND, "torch 2.2.0: PYSEC-1, mended in 2.6.0"),
        ({"dependencies": [HARMLESS, SKIPPED]}, NOT_REACHABLE, "torch: not asked, not found on the index"),
        ({"dependencies": [HARMLESS]}, NOT_REACHABLE, "has asked nobody, or not about all"),
        ({"dependencies": []}, NOT_REACHABLE, "has asked nobody, or not about all"),
        ("", NOT_REACHABLE, "has asked nobody"),
        ("Traceback: ConnectionError", NOT_REACHABLE, "has asked nobody"),
        ([], NOT_REACHABLE, "has asked nobody"),
    ],
)
def test_of_python_packages(told, code, sentence):
    answer = python_answer(saying(told), ["numpy==2.0.0", "torch==2.2.0"])
    assert answer.code == code
    assert sentence in " ".join(answer.said)


@pytest.mark.parametrize(
    ("told", "code", "sentence"),
    [
        (NO_FLAWS, CLEAN, ""),
        (
            {**NO_FLAWS, "vulnerabilities": {"d3": {"severity": "high", "range": "<7"}}},
            FOUND,
            "d3: high, versions <7",
        ),
        ({"error": {"summary": "ENOTFOUND"}}, NOT_REACHABLE, "npm audit has asked nobody"),
        ({"message": "request failed"}, NOT_REACHABLE, "npm audit has asked nobody"),
        ("", NOT_REACHABLE, "npm audit has asked nobody"),
    ],
)
def test_of_npm_packages(told, code, sentence):
    answer = npm_answer(saying(told), Path())
    assert answer.code == code
    assert sentence in " ".join(answer.said)


def test_nothing_that_could_not_be_asked_is_clean():
    clean, found, lost = (npm_answer(saying(told), Path()) for told in (NO_FLAWS, FLAWS, ""))
    assert report([clean, clean]) == (["npm packages in the bundle: clean"] * 2, CLEAN)
    assert report([clean, lost])[1] == NOT_REACHABLE
    assert report([lost, found])[1] == FOUND
    assert "clean" not in " ".join(report([lost])[0])
    assert report([lost])[0][0] == "npm packages in the bundle: NOT REACHABLE: nothing is known"


FLAWS = {**NO_FLAWS, "vulnerabilities": {"d3": {"severity": "high", "range": "<7"}}}


def test_a_tool_that_is_not_there_says_nothing(tmp_path):
    assert run_tool([str(tmp_path / "no tool")], tmp_path) == ""
