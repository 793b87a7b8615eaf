"""Does the check of external links tell gone from not reachable?"""

from __future__ import annotations

from email.message import Message
from urllib.error import HTTPError, URLError

import pytest
from reader import script

links = script("links")


def opened(address: str) -> int:
    """A small internet."""
    host = address.split("/")[2]
    if host == "here.org":
        return 200
    if host == "offline.org":
        raise URLError("no route")
    if host == "slow.org":
        raise TimeoutError("timed out")
    raise HTTPError(address, {"moved.org": 404, "shy.org": 403}[host], "", Message(), None)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("here", "there"),
        ("moved", "gone"),
        ("shy", "answers 403"),
        ("offline", "not reachable: no route"),
        ("slow", "not reachable: timed out"),
    ],
)
def test_only_what_answers_is_called_there_and_only_what_is_not_there_gone(host, expected):
    assert links.verdict(f"https://{host}.org/page", opened) == expected


def test_a_page_that_is_gone_fails_the_check_and_one_that_is_not_reachable_does_not(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "[a](https://here.org/x#y) [b](https://offline.org) [c](other.md) [a again](https://here.org/x)"
    )
    found = links.links_in([page])
    assert list(found) == ["https://here.org/x", "https://offline.org"]
    lines, is_whole = links.report(found, opened)
    assert is_whole
    assert lines == [
        "there: https://here.org/x (page.md)",
        "not reachable: no route: https://offline.org (page.md)",
    ]
    page.write_text("[d](https://moved.org)")
    assert links.report(links.links_in([page]), opened) == (["gone: https://moved.org (page.md)"], False)
