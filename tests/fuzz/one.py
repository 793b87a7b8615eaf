"""Does one reader hold whatever bytes come? ``python -m tests.fuzz.one "surface file" 10000``"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["landscape_widget"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS

MEMORY = 512 << 20
"""Bytes above what the imports take."""
SECONDS = 5
LONGEST = 4096


def main(name: str, runs: int, corpus: Path, folder: Path) -> None:
    """Feed ``runs`` inputs to a reader; a finding ends the process, and is written to ``folder``."""
    target = TARGETS[name]
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds(folder)):
        (corpus / f"seed-{number}").write_bytes(seed)

    def read(data: bytes) -> None:
        with suppress(target.refuses):
            target.reads(data, folder)

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, resource.RLIM_INFINITY))
    limits = [f"-runs={runs}", f"-timeout={SECONDS}", f"-max_len={LONGEST}", "-rss_limit_mb=0", "-seed=1"]
    where = [f"-artifact_prefix={folder}/finding-", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", *where], read)
    atheris.Fuzz()


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        main(sys.argv[1], int(sys.argv[2]), Path(place) / "corpus", Path(place))
