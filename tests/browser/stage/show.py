"""How does one state look, without JupyterLab? `show.py NAME [--theme dark] [--width 360] out.png`."""

from __future__ import annotations

import argparse

from chromium import chromium
from stage.states import STATES, play
from stage.theatre import theatre
from stage.wardrobe import THEMES


def main() -> None:
    """Draw one state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", help="of the state")
    parser.add_argument("out", nargs="?", help="the picture to write")
    parser.add_argument("--theme", choices=THEMES, default="light")
    parser.add_argument("--dark", action="store_const", dest="theme", const="dark")
    parser.add_argument("--width", type=int, default=1020, help="of the cell, in pixels")
    parser.add_argument("--list", action="store_true", help="the names there are")
    asked = parser.parse_intermixed_args()
    if asked.list:
        print(*STATES, sep="\n")
        return
    if not asked.name or not asked.out:
        parser.error("Expected a name and a file, such as: show.py done out.png")
    with chromium() as browser, theatre(browser) as stage:
        stage.show(play(asked.name), asked.theme, asked.width).screenshot(path=asked.out)


if __name__ == "__main__":
    main()
