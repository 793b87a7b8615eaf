"""Are the pictures that test_baselines drew anew right? For who has looked at them: this takes them over."""

from __future__ import annotations

from stage.gallery import accept

if __name__ == "__main__":
    print("\n".join(accept()) or "Nothing was drawn anew: run tests/browser/test_baselines.py first.")
