"""Feed one target under `atheris`; run by `run.sh`, in an environment of its own.

    run.py TARGET CORPUS [options of libFuzzer]

Seeds are written into the folder CORPUS first. An input may take a second and 1 GiB.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["detente", "json", "yaml"]):
    from fuzz.targets import TARGETS

MOST_BYTES = 4 << 30  # of address space, fuzzer and interpreter together


def main() -> None:
    """Write the seeds of the target that was named, and fuzz it."""
    name, corpus, *options = sys.argv[1:]
    target, folder = TARGETS[name], Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    limits = ["-timeout=1", "-rss_limit_mb=1024", f"-max_len={target.most}"]
    atheris.Setup([sys.argv[0], *limits, *options, str(folder)], target.one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
