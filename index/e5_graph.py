"""multilingual-e5-small's network as an ONNX graph of 4-bit weights. The one door to onnx.

A plain BERT encoder: one text's embedded tokens go in, its vector comes out (mean over the tokens, length 1). One text
at a time needs no padding: batches were no faster on a CPU, and a vector must not depend on its neighbours.

The weights' blocks go into `MatMulNBits` as they come, so nothing is quantised twice; it computes in 8-bit integers.
Its operators are ONNX Runtime's own (domain `com.microsoft`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.e5_weights import BLOCK, Blocks, Floats, Shape, Weights
from index.e5_words import INPUT, OUTPUT, STATES

LOWER = 8
"""Layers that the reader (`index/reader.py`) shares."""

OPSET, IR_VERSION = 18, 10
INT8 = 4
"""`accuracy_level` of MatMulNBits: 8-bit integer arithmetic."""


def serialised_graph(weights: Weights) -> bytes:
    """The graph of the embedding model as ONNX Runtime takes it."""
    graph = EncoderGraph(weights.shape, weights.vectors)
    graph.matrices = weights.matrices
    lower = graph.add("Identity", [graph.layers(graph.start(INPUT), range(LOWER))], domain="", output=STATES)
    state = graph.layers(lower, range(LOWER, weights.shape.layers))
    axis = graph.constant("axis", np.array([1], dtype=np.int64))
    mean = graph.add("ReduceMean", [state, axis], domain="", keepdims=0)
    graph.add("LpNormalization", [mean], domain="", output=OUTPUT, axis=1, p=2)
    tokens: list[int | str] = [1, "tokens", weights.shape.width]
    return graph.serialised(
        "multilingual-e5-small", {INPUT: tokens}, {OUTPUT: [1, weights.shape.width], STATES: tokens}
    )


class EncoderGraph:
    """Nodes and constants, put together layer by layer. `ln` is a normalisation, `q k v ao fi fo` are the matrices."""

    def __init__(self, shape: Shape, vectors: Mapping[str, Floats]) -> None:
        self.matrices: Mapping[str, Blocks] = {}
        self._shape = shape
        self._vectors = vectors
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def start(self, embedded: str) -> str:
        """What the lowest layer takes."""
        inputs = [embedded, self.vector("emb.ln.w"), self.vector("emb.ln.b")]
        return self.add("LayerNormalization", inputs, domain="", epsilon=self._shape.epsilon)

    def layers(self, state: str, numbers: range) -> str:
        """The states above these layers."""
        for number in numbers:
            state = self._layer(f"l{number}", state)
        return state

    def multiply(self, name: str, state: str) -> str:
        """`state` times the matrix of that name, plus its bias."""
        blocks = self.matrices[f"{name}.w"]
        rows, per_row = blocks.scales.shape
        inputs = [
            state,
            self.constant(f"{name}.nibbles", _in_pairs(blocks)),
            self.constant(f"{name}.scales", blocks.scales.astype(np.float32)),
            "",
            "",
            self.vector(f"{name}.b"),
        ]
        return self.add("MatMulNBits", inputs, K=per_row * BLOCK, N=rows, bits=4, block_size=BLOCK, accuracy_level=INT8)

    def vector(self, name: str) -> str:
        """The vector of that name as a constant."""
        return self.constant(name, self._vectors[name])

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """A constant; gives back its name."""
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(
        self, operator: str, inputs: list[str], domain: str = "com.microsoft", output: str = "", **attributes: Any
    ) -> str:
        """A node with one output; gives back its name."""
        output = output or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def serialised(
        self, name: str, inputs: Mapping[str, list[int | str]], outputs: Mapping[str, list[int | str]]
    ) -> bytes:
        """The whole as ONNX Runtime takes it; inputs and outputs are of fp32, by name with their shape."""

        def described(tensors: Mapping[str, list[int | str]]) -> list[onnx.ValueInfoProto]:
            return [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in tensors.items()]

        model = helper.make_model(
            helper.make_graph(self._nodes, name, described(inputs), described(outputs), self._constants),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)],
            ir_version=IR_VERSION,
        )
        return bytes(model.SerializeToString())

    def _layer(self, name: str, state: str) -> str:
        projected = [self.multiply(f"{name}.{part}", state) for part in ("q", "k", "v")]
        attended = self.add("MultiHeadAttention", projected, num_heads=self._shape.heads)
        mixed = self.multiply(f"{name}.ao", attended)
        state = self._normalise(f"{name}.aln", mixed, state)
        inner = self.add("Gelu", [self.multiply(f"{name}.fi", state)])
        return self._normalise(f"{name}.oln", self.multiply(f"{name}.fo", inner), state)

    def _normalise(self, name: str, state: str, skip: str) -> str:
        inputs = [state, skip, self.vector(f"{name}.w"), self.vector(f"{name}.b")]
        return self.add("SkipLayerNormalization", inputs, epsilon=self._shape.epsilon)


def _in_pairs(blocks: Blocks) -> NDArray[np.uint8]:
    """The nibbles in MatMulNBits' order: byte j holds weights 2j and 2j + 1 of the block."""
    low, high = blocks.nibbles & 0x0F, blocks.nibbles >> 4
    first = low[..., 0::2] | low[..., 1::2] << 4
    second = high[..., 0::2] | high[..., 1::2] << 4
    return np.concatenate((first, second), axis=-1)
