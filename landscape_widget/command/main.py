"""Which command was asked for, and with what does it end?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from landscape_widget.command.arguments import arguments
from landscape_widget.command.compute import compute
from landscape_widget.command.endings import STOPPED, ending_of
from landscape_widget.command.info import info
from landscape_widget.command.show import show

COMMANDS = {"compute": compute, "show": show, "info": info}


def main(words: Sequence[str]) -> int:
    """Do what the command line says, and return the code to exit with."""
    asked = arguments(words)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr is: some terminals know no × and ·
    try:
        return COMMANDS[asked.command](asked)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED
    except Exception as error:
        code, text = ending_of(error, getattr(asked, "job", None))
        print(text, file=sys.stderr)
        return code
