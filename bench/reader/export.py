"""From trained weights to what answers: `python -m bench.reader.export FILE`.

Writes `index/weights/reader-upper.onnx` (the upper layers in 8 bits) and `reader-mixer.onnx`, and prints the SHA-256 of
each to pin in `index/reader.py`.
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from bench.reader.model import HEADS, LAYERS, NAMES, USUAL, WIDTH
from bench.reader.states import ByteGraph
from index.e5_graph import LOWER, EncoderGraph
from index.e5_weights import Floats, Shape
from index.e5_words import STATES, load_words
from index.reader import MIXER, TRAITS, UPPER, WEIGHTS

State = Mapping[str, Floats]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    state = {name: value.numpy() for name, value in torch.load(options.file, weights_only=True).items()}
    options.out.mkdir(parents=True, exist_ok=True)
    shape = load_words().weights.shape
    for name, data in ((UPPER, upper_graph(state, shape)), (MIXER, mixer_graph(state, shape))):
        (options.out / name).write_bytes(data)
        print(f'    {name}: "{hashlib.sha256(data).hexdigest()}",  # {len(data) / 2**20:.1f} MiB')


def upper_graph(state: State, shape: Shape) -> bytes:
    """From the lower layers' states and rows of means to unit vectors."""
    matrices: dict[str, Floats] = {}
    vectors: dict[str, Floats] = {}
    for number in range(LOWER, shape.layers):
        for short, long in NAMES.items():
            weight = state[f"top.layer.{number - LOWER}.{long}.weight"]
            vectors[f"l{number}.{short}.b"] = state[f"top.layer.{number - LOWER}.{long}.bias"]
            (matrices if weight.ndim == 2 else vectors)[f"l{number}.{short}.w"] = weight
    graph = ByteGraph(shape, vectors, matrices)
    means = graph.add("MatMul", ["means", graph.layers(STATES, range(LOWER, shape.layers))], domain="")
    graph.add("LpNormalization", [means], domain="", output="rows", axis=-1, p=2)
    inputs: dict[str, list[int | str]] = {STATES: [1, "tokens", shape.width], "means": [1, "rows", "tokens"]}
    return graph.serialised("reader, upper layers", inputs, {"rows": [1, "rows", shape.width]})


def mixer_graph(state: State, shape: Shape) -> bytes:
    """From the vectors of one question and one passage to log-odds, as `bench.reader.model.Mixer` computes them."""
    graph = _MixerGraph(shape, state)
    scale = shape.width**0.5
    asked = graph.op("Unsqueeze", "question", graph.ints("axis1", 1))
    whole_line = graph.op("Unsqueeze", "passage", graph.ints("axis1b", 1))
    cosine = graph.cosine("cosine", asked, "sentences")
    whole = graph.cosine("whole", asked, whole_line)
    zeros = graph.op("Mul", cosine, graph.number("none", 0.0))
    seen = graph.add(
        "Concat",
        [
            graph.scaled(graph.op("Mul", asked, "sentences"), scale),
            graph.scaled(graph.op("Mul", asked, graph.op("Sub", "sentences", whole_line)), scale),
            graph.scaled("sentences", scale / 4),
            "traits",
            graph.scaled(cosine, 10.0),
            graph.op("Add", zeros, graph.scaled(whole, 10.0)),
        ],
        domain="",
        axis=-1,
    )
    mark = graph.add(
        "Concat",
        [
            graph.scaled(graph.op("Mul", asked, whole_line), scale),
            graph.scaled(asked, scale / 4),
            graph.scaled(whole_line, scale / 4),
            graph.scaled(whole, 10.0),
        ],
        domain="",
        axis=-1,
    )
    lines = graph.op("Add", graph.linear("mix.inp", seen), graph.places("sentences"))
    states = graph.add("Concat", [graph.linear("mix.cls", mark), lines], domain="", axis=1)
    for layer in range(LAYERS):
        states = graph.mixer_layer(f"mix.enc.{layer}", states)
    states = graph.norm("mix.norm", states)
    weights = state["mix.wcos"]
    answers = graph.linear("mix.line", graph.part(states, 1, 10**6))
    graph.add("Add", [answers, graph.scaled(cosine, float(weights[0]))], domain="", output="lines")
    said = graph.linear("mix.whole", graph.part(states, 0, 1))
    graph.add("Add", [said, graph.scaled(whole, float(weights[1]))], domain="", output="answered")
    width = shape.width
    return graph.serialised(
        "reader, mixer",
        {
            "question": [1, width],
            "passage": [1, width],
            "sentences": [1, "lines", width],
            "traits": [1, "lines", TRAITS],
        },
        {"lines": [1, "lines", 1], "answered": [1, 1, 1]},
    )


class _MixerGraph(EncoderGraph):
    def __init__(self, shape: Shape, state: State) -> None:
        super().__init__(shape, {})
        self._state = state
        self._numbers = 0

    def op(self, operator: str, *inputs: str) -> str:
        return self.add(operator, list(inputs), domain="")

    def ints(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, dtype=np.int64))

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array([value], dtype=np.float32))

    def scaled(self, tensor: str, factor: float) -> str:
        self._numbers += 1
        return self.op("Mul", tensor, self.number(f"factor{self._numbers}", factor))

    def cosine(self, name: str, one: str, other: str) -> str:
        product = self.op("Mul", one, other)
        total = self.add("ReduceSum", [product, self.ints(f"{name}.axis", -1)], domain="", keepdims=1)
        return self.op("Sub", total, self.number(f"{name}.usual", USUAL))

    def linear(self, name: str, tensor: str) -> str:
        product = self.op("MatMul", tensor, self.constant(f"{name}.w", self._state[f"{name}.weight"].T))
        return self.op("Add", product, self.constant(f"{name}.b", self._state[f"{name}.bias"]))

    def norm(self, name: str, tensor: str) -> str:
        weights = [self.constant(f"{name}.{part}", self._state[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.add("LayerNormalization", [tensor, *weights], domain="", epsilon=1e-5)

    def part(self, tensor: str, first: int, end: int) -> str:
        self._numbers += 1
        names = [f"cut{self._numbers}.{n}" for n in range(3)]
        return self.op("Slice", tensor, *map(self.ints, names, (first, end, 1)))

    def places(self, sentences: str) -> str:
        """The places' vectors, of which the last stands for all further ones."""
        most = self._state["mix.pos.weight"]
        padded = np.concatenate([most, np.repeat(most[-1:], 1000, axis=0)])[np.newaxis]
        count = self.add("Shape", [sentences], domain="", start=1, end=2)
        zero, axis = self.ints("places.zero", 0), self.ints("places.axis", 1)
        return self.op("Slice", self.constant("places", padded), zero, count, axis)

    def mixer_layer(self, name: str, states: str) -> str:
        """A layer of torch's TransformerEncoderLayer with `norm_first`."""
        weight, bias = self._state[f"{name}.self_attn.in_proj_weight"], self._state[f"{name}.self_attn.in_proj_bias"]
        normed = self.norm(f"{name}.norm1", states)
        projected = []
        for part in range(3):
            rows = slice(part * WIDTH, (part + 1) * WIDTH)
            product = self.op("MatMul", normed, self.constant(f"{name}.in{part}.w", weight[rows].T))
            projected.append(self.op("Add", product, self.constant(f"{name}.in{part}.b", bias[rows])))
        attended = self.add("MultiHeadAttention", projected, num_heads=HEADS)
        states = self.op("Add", states, self.linear(f"{name}.self_attn.out_proj", attended))
        inner = self.add("Gelu", [self.linear(f"{name}.linear1", self.norm(f"{name}.norm2", states))])
        return self.op("Add", states, self.linear(f"{name}.linear2", inner))


if __name__ == "__main__":
    main()
