"""What does each control do? The widget's own words, with the mathematics, a default and an example."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import landscape_widget as lw
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.scene import options

ROOT = Path(__file__).parents[2]
WORDS: dict[str, Any] = json.loads((ROOT / "js/src/words/definitions.json").read_text(encoding="utf-8"))
"""Control → its group, its word, what it does and what it means, as the widget says it."""
MORE: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "controls.yml").read_text(encoding="utf-8"))
"""The groups, and control → what only the site says."""
GROUPS: dict[str, str] = MORE["groups"]
CHOICES = {
    "directions": (
        options.RANDOM,
        options.GRADIENT,
        options.START,
        *options.PRINCIPAL,
        *options.HESSIAN.values(),
    ),
    "normalization": options.NORMALIZATIONS,
    "batch_norm": (options.FROZEN, options.REESTIMATED, options.INTERPOLATED),
}
ASKED = inspect.signature(lw.explore).parameters
TRAITS = LandscapeWidget.class_traits(sync=True)


def control_pages() -> dict[str, str]:
    """Return path → Markdown: one page a group of controls, and one that lists them all."""
    pages = {f"controls/{group}.md": group_page(group) for group in GROUPS}
    return pages | {"controls/index.md": list_page()}


def group_page(group: str) -> str:
    """Return the page of one group."""
    title, _, opening = GROUPS[group].strip().partition("\n")
    parts = [f"# {title}", opening.strip(), *(control_section(name) for name in members(group))]
    return "\n\n".join(parts) + "\n"


def list_page() -> str:
    """Return the page with one line a control."""
    parts = ["# Controls", MORE["opening"].strip()]
    for group, text in GROUPS.items():
        rows = [_row(group, name) for name in members(group)]
        title = text.strip().partition("\n")[0]
        parts.append(
            f"## [{title}]({group}.md)\n\n| control | in Python | what it does |\n|---|---|---|\n"
            + "\n".join(rows)
        )
    return "\n\n".join(parts) + "\n"


def members(group: str) -> list[str]:
    """Return the controls of a group, in the widget's order."""
    return [name for name, words in WORDS.items() if words["group"] == group]


def control_section(name: str) -> str:
    """Return what there is to say of one control."""
    return "\n\n".join([f"## {WORDS[name]['word']} {{ #{name} }}", *_said(name, _more(name))])


def _said(name: str, more: Mapping[str, str]) -> Iterator[str]:
    yield f"*{WORDS[name]['does']}*"
    yield WORDS[name]["means"]
    if "more" in more:
        yield more["more"].strip()
    if name in CHOICES:
        rows = [f"| `{choice.key}` | {_cell(choice.hint)} |" for choice in CHOICES[name]]
        yield "| key | meaning |\n|---|---|\n" + "\n".join(rows)
    if facts := list(_facts(name)):
        yield "  \n".join(facts)
    if "python" in more:
        yield f"```python\n{more['python'].strip()}\n```"


def _facts(name: str) -> Iterator[str]:
    if method := _more(name).get("method"):
        yield f"In Python: {method}"
    elif name in TRAITS:
        yield f"Trait: `{name}`"
    if name in ASKED:
        yield f"Option of `explore`, by default `{ASKED[name].default!r}`"
    elif name in TRAITS and not method:
        yield f"By default: `{TRAITS[name].default_value!r}`"
    if WORDS[name].get("if"):
        yield f"There with: {MORE['conditions'][WORDS[name]['if']]}"


def _row(group: str, name: str) -> str:
    words = WORDS[name]
    return f"| [{words['word']}]({group}.md#{name}) | {_trait_of(name)} | {_cell(words['does'])} |"


def _trait_of(name: str) -> str:
    return _more(name).get("method") or (f"`{name}`" if name in TRAITS else "")


def _more(name: str) -> Mapping[str, str]:
    return MORE["controls"].get(name) or {}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
