"""What may stand on the command line, and what does each word mean?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

PROGRAM = "python -m landscape_widget"

ABOUT = """\
The loss around a trained PyTorch model, without a notebook.

  %(prog)s compute job.py --out surface.npz
  %(prog)s show surface.npz --out picture.png
  %(prog)s info surface.npz
"""

LITERAL = "A value is a literal of Python, such as 101 or -1,1 or True; any other word is a text."

JOB = f"""\
The job is plain Python that leaves three names behind, or a function landscape() that returns them as a dict:

  model = MyNetwork()
  model.load_state_dict(torch.load("weights.pt"))
  loss = torch.nn.functional.cross_entropy
  data = torch.load("test.pt")
  options = {{"resolution": 101, "x": (-1, 1)}}    # if you like: what landscape_widget.compute takes

The file grows from coarse to fine; landscape_widget.explore("surface.npz") shows it meanwhile in a notebook.
Ctrl+C, or SIGTERM, stops after the batch that runs; --resume goes on from there.

Options come from the job and from --set, such as --set resolution=101 --set x=-1,1 --set mode=train.
{LITERAL}

Ends with 0 when the surface is done, 1 when the job raises, 2 when what was asked for can't be done, 130 when
Ctrl+C stopped it, 143 when SIGTERM did.
"""


SHOW = f"""\
The suffix of --out says what is made, --set how it is drawn: --set kind=contour --set scale=log.
{LITERAL}
"""


INFO = "Says how far it is, how many cells are in which state, what the values are, and what made them."


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; a `SystemExit` of 2 with a sentence where that makes no sense."""
    return _parser().parse_args(given)


def _parser() -> argparse.ArgumentParser:
    parser = _described(argparse.ArgumentParser(prog=PROGRAM), ABOUT)
    commands = parser.add_subparsers(dest="command", required=True, metavar="{compute,show,info}")
    _add_compute(commands.add_parser("compute", help="compute the landscape of a job into a file"))
    _add_show(commands.add_parser("show", help="make a picture, a page or a table of a file"))
    _add_info(commands.add_parser("info", help="say what is in a file"))
    return parser


def _add_compute(parser: argparse.ArgumentParser) -> None:
    _described(parser, JOB)
    parser.add_argument("job", type=Path, help="a Python file that leaves model, loss and data")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="where it is kept")
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="so many processes (default: this one)"
    )
    parser.add_argument(
        "--device",
        nargs="+",
        metavar="DEVICE",
        help="cuda:0 …; several: a worker on each (default: the model's)",
    )
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--resume", action="store_true", help="go on from the file, if there is one")
    kept.add_argument("--overwrite", action="store_true", help="replace the file, if there is one")
    _add_settings(parser, "an option of landscape_widget.compute; wins over the job's")
    parser.add_argument("--quiet", action="store_true", help="write nothing but what went wrong")


def _add_show(parser: argparse.ArgumentParser) -> None:
    _described(parser, SHOW)
    parser.add_argument("file", type=Path, help="of a landscape, finished or still growing")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="PICTURE", help=".png, .svg, .html, .csv, .nc, .h5 or .vtp"
    )
    _add_settings(parser, "an option of Surface.save for such a file")


def _add_info(parser: argparse.ArgumentParser) -> None:
    _described(parser, INFO)
    parser.add_argument("file", type=Path, help="of a landscape, finished or still growing")


def _add_settings(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="settings", help=what
    )


def _described(parser: argparse.ArgumentParser, text: str) -> argparse.ArgumentParser:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = text
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of processes from 1; got {text!r}")
    return int(text)
