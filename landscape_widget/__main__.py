"""What does `python -m landscape_widget` do?"""

import sys

from landscape_widget.command.main import main

if __name__ == "__main__":  # worker processes import this file, too
    sys.exit(main(sys.argv[1:]))
