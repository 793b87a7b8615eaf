"""What does a teacher make of the stage's landscape?"""

from __future__ import annotations

from typing import Any

PINS = (
    {"x": 0.0, "y": 0.0, "text": "your network"},
    {"x": 0.62, "y": 0.55, "text": "A wall: <b>not bold</b> & steeper than it looks from here"},
    {"x": -0.8, "y": -0.5, "text": "flat as far as one sees"},
)
STEPS = (
    {"caption": "Where does training end? At 0, in the middle of the picture.", "view": {"kind": "surface"}},
    {
        "caption": "Seen from above, lines join places of the same loss.\nWhere do they lie closest?",
        "view": {"kind": "contour", "pins": PINS},
    },
    {
        "caption": "What becomes of it on a logarithmic scale? Say it first.",
        "view": {"scale": "log", "covered": True},
    },
    {
        "caption": "The same loss along two other directions.",
        "view": {"directions": [{"key": "random", "seed": 4, "normalization": None}] * 2},
    },
)


def led(step: int | None = 1, **others: Any) -> dict[str, Any]:
    """A lesson at one of its steps."""
    shown = {} if step is None else {"kind": "contour" if step else "surface", "pins": PINS if step else ()}
    return {"steps": STEPS, "step": step, **shown, **others}
