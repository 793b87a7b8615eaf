"""Where do accepted pictures hang, and what becomes of those that differ from them?"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from stage.judge import Drawn, compact, difference, differences

BASELINES = Path(__file__).parents[1] / "baselines"
OUTPUT = Path(__file__).parents[3] / "test-output" / "baselines"
ACCEPT = "PYTHONPATH=tests/browser python tests/browser/stage/accept.py"


@dataclass
class Gallery:
    """Pictures of one Chromium; another one's are all drawn anew, and fail until somebody has accepted them.

    Attributes:
        browser: the major version that draws now.
        accepted: the folder of what was accepted.
        output: the folder for what differs, and why.
    """

    browser: str
    accepted: Path = BASELINES
    output: Path = OUTPUT

    @property
    def was_drawn_by(self) -> str:
        """The major version of the accepted pictures; empty where there are none."""
        version = self.accepted / "chromium.txt"
        return version.read_text().strip() if version.exists() else ""

    def hang(self, name: str, actual: Drawn) -> list[str]:
        """Return why a picture isn't the accepted one, a sentence each; none where it is."""
        for old in self.output.glob(f"*/{name}.*"):
            old.unlink()
        if self.browser != self.was_drawn_by:
            put(actual, self.output / "new", name)
            (self.output / "new" / "chromium.txt").write_text(self.browser + "\n")
            return [f"drawn by Chromium {self.browser}, accepted were those of {self.was_drawn_by or 'none'}"]
        if not (self.accepted / f"{name}.png").exists():
            put(actual, self.output / "new", name)
            return ["new, and not accepted yet"]
        expected = taken(self.accepted, name)
        if found := differences(expected, actual):
            put(actual, self.output / "new", name)
            put(expected, self.output / "expected", name)
            self._show_difference(expected, actual, name)
        return found

    def explain(self, found: dict[str, list[str]]) -> str:
        """Return what a person does about pictures that differ."""
        listed = [f"{name}: {'; '.join(sentences)}" for name, sentences in found.items()]
        where = f"Look at them in {self.output}/new, beside expected/ and difference/; if they are right:"
        return "\n".join([*listed, where, ACCEPT])

    def _show_difference(self, expected: Drawn, actual: Drawn, name: str) -> None:
        if expected.page.size == actual.page.size:
            folder = self.output / "difference"
            folder.mkdir(parents=True, exist_ok=True)
            differs = Image.fromarray(difference(expected.page, actual.page))
            differs.save(folder / f"{name}.png")


def put(drawn: Drawn, folder: Path, name: str) -> None:
    """Write a picture and what is plotted in it."""
    folder.mkdir(parents=True, exist_ok=True)
    compact(drawn.page).save(folder / f"{name}.png", optimize=True)
    told = {"data": drawn.data, "colors": dict(drawn.colors)}
    (folder / f"{name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def taken(folder: Path, name: str) -> Drawn:
    """Read a picture that `put` wrote."""
    told = json.loads((folder / f"{name}.json").read_text())
    with Image.open(folder / f"{name}.png") as page:
        return Drawn(page.convert("RGB"), told["data"], told["colors"])


def accept(accepted: Path = BASELINES, output: Path = OUTPUT) -> list[str]:
    """Take what was drawn anew for right; return the files."""
    new = sorted((output / "new").glob("*")) if (output / "new").exists() else []
    accepted.mkdir(parents=True, exist_ok=True)
    for file in new:
        shutil.move(file, accepted / file.name)
    return [file.name for file in new]
