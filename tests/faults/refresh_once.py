"""One refresh in a process of its own, for tests that hurt it: `python -m tests.faults.refresh_once CORPUS STORE`.

Prints `ready` before the refresh begins and `done` after it; an error is printed on standard error, with status 1.
`--model` takes the real embedding model. `--hold` prints `embedding` when the work is half done, with the lock held,
and goes on when standard input ends. `--file-limit` bounds the size of every file written, in bytes.
"""

import argparse
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import AssistantError
from index.build import refresh
from index.embed import BUILT_IN_MODEL, Embedder, Vectors, load_embedder
from tests.index.fakes import WordEmbedder


class HoldingEmbedder(WordEmbedder):
    """Waits in the middle of the work."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        print("embedding", flush=True)
        sys.stdin.read()
        return super().embed_passages(texts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--hold", action="store_true")
    parser.add_argument("--file-limit", type=int)
    options = parser.parse_args()
    embedder: Embedder = HoldingEmbedder() if options.hold else WordEmbedder()
    if options.model:
        embedder = load_embedder(BUILT_IN_MODEL)
        embedder.embed_queries(["warm"])
    if options.file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, options.file_limit))
    print("ready", flush=True)
    try:
        refresh(options.corpus, options.store, [embedder])
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
