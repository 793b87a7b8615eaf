"""Are the browser's files in landscape_widget/static older than their sources in js/? Then build them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ("library.js", "landscape.js", "comparison.js", "page.js", "widget.css", "THIRD-PARTY.txt")


class BrowserFiles(BuildHookInterface):
    """Bring the browser's files up to date before anything is packed; needs Node only when they are not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if is_stale(Path(self.root)):
            build(Path(self.root) / "js")


def is_stale(root: Path) -> bool:
    """Whether a built file is missing, or a source is newer than the build."""
    static, js = root / "landscape_widget" / "static", root / "js"
    if not all((static / name).exists() for name in BUILT):
        return True
    built_at = (static / BUILT[0]).stat().st_mtime
    sources = (path for path in (*js.glob("*"), *js.glob("src/**/*")) if path.is_file())
    return any(source.stat().st_mtime > built_at for source in sources)


def build(js: Path) -> None:
    """Run the build in ``js``, after installing its packages where that has not been done."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError(
            "The browser's files in landscape_widget/static are missing or older than js/, and building them "
            "needs npm, which is not on the path. Install Node.js 20 or newer, or install the wheel, which "
            "contains them."
        )
    if not (js / "node_modules").exists():
        subprocess.run([npm, "ci"], cwd=js, check=True)
    subprocess.run([npm, "run", "build"], cwd=js, check=True)
