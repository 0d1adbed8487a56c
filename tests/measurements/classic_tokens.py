"""`python -m tests.measurements.classic_tokens`: write anew the digests of music21's tokens that the tests hold the
classic codec against, and print how much faster the codec reads the starter files. Takes a minute or two.
"""

import json
import sys
import time
from importlib.metadata import version

from generation.codecs.classic_strings import classic_strings_of_file
from tests.measurements.studys_strings import DIGESTS, starter_files, studys_parts, summary


def main() -> None:
    """Measure, compare and write."""
    files = {name: path.read_bytes() for name, path in starter_files().items()}
    classic_strings_of_file(next(iter(files.values())))
    started = time.process_time()
    ours = {name: classic_strings_of_file(data) for name, data in files.items()}
    read = time.process_time()
    theirs = {name: studys_parts(data) for name, data in files.items()}
    our_seconds, peer_seconds = read - started, time.process_time() - read
    digests, differing = {}, []
    for name, parts in theirs.items():
        literal, sounding = (parts or [[]])[0], next(filter(None, parts), [])
        digests[name] = {"literal": summary(literal), "sounding": summary(sounding)}
        if ours[name] != literal or classic_strings_of_file(files[name], literal=False) != sounding:
            differing.append(name)
    DIGESTS.parent.mkdir(parents=True, exist_ok=True)
    DIGESTS.write_text(json.dumps({"music21": version("music21"), "files": digests}, indent=1) + "\n")
    ratio = peer_seconds / our_seconds
    lines = [
        f"{len(files) - len(differing)} of {len(files)} files agree" + "".join(f"\n  not {name}" for name in differing),
        f"processor time: music21 {peer_seconds:.2f} s, codec {our_seconds:.3f} s: ratio {ratio:.0f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
