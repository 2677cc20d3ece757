"""multilingual-e5-small's network as an ONNX graph of 4-bit weights. The one door to onnx.

A plain BERT encoder: one text's embedded tokens go in, its vector comes out (mean over the tokens, length 1). One text
at a time needs no padding: batches were no faster on a CPU, and a vector must not depend on its neighbours.

The weights' blocks go into `MatMulNBits` as they come, so nothing is quantised twice; it computes in 8-bit integers.
Its operators are ONNX Runtime's own (domain `com.microsoft`).
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.e5_weights import BLOCK, Blocks, Weights

INPUT, OUTPUT = "embedded", "vector"
"""Sums of the tokens' word, position and type embeddings by text (one), token and number; and the text's vector."""

OPSET, IR_VERSION = 18, 10
INT8 = 4
"""`accuracy_level` of MatMulNBits: 8-bit integer arithmetic."""


def serialised_graph(weights: Weights) -> bytes:
    """The graph as ONNX Runtime takes it."""
    graph = _Graph(weights)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", weights.shape.width])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, weights.shape.width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)],
        ir_version=IR_VERSION,
    )
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes and constants, put together layer by layer. `ln` is a normalisation, `q k v ao fi fo` are the matrices."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._values: dict[str, str] = {}
        epsilon = weights.shape.epsilon
        state = self._add(
            "LayerNormalization",
            [INPUT, self._vector("emb.ln.w"), self._vector("emb.ln.b")],
            domain="",
            epsilon=epsilon,
        )
        for layer in range(weights.shape.layers):
            state = self._layer(f"l{layer}", state)
        axis = self._constant("axis", np.array([1], dtype=np.int64))
        mean = self._add("ReduceMean", [state, axis], domain="", keepdims=0)
        self._add("LpNormalization", [mean], domain="", output=OUTPUT, axis=1, p=2)

    def _layer(self, name: str, state: str) -> str:
        shape = self._weights.shape
        projected = [self._multiply(f"{name}.{part}", state) for part in ("q", "k", "v")]
        attended = self._add("MultiHeadAttention", projected, num_heads=shape.heads)
        mixed = self._multiply(f"{name}.ao", attended)
        state = self._normalise(f"{name}.aln", mixed, state)
        inner = self._add("Gelu", [self._multiply(f"{name}.fi", state)])
        return self._normalise(f"{name}.oln", self._multiply(f"{name}.fo", inner), state)

    def _multiply(self, name: str, state: str) -> str:
        blocks = self._weights.matrices[f"{name}.w"]
        rows, per_row = blocks.scales.shape
        inputs = [
            state,
            self._constant(f"{name}.nibbles", _in_pairs(blocks)),
            self._constant(f"{name}.scales", blocks.scales.astype(np.float32)),
            "",
            "",
            self._vector(f"{name}.b"),
        ]
        return self._add(
            "MatMulNBits", inputs, K=per_row * BLOCK, N=rows, bits=4, block_size=BLOCK, accuracy_level=INT8
        )

    def _normalise(self, name: str, state: str, skip: str) -> str:
        inputs = [state, skip, self._vector(f"{name}.w"), self._vector(f"{name}.b")]
        return self._add("SkipLayerNormalization", inputs, epsilon=self._weights.shape.epsilon)

    def _vector(self, name: str) -> str:
        return self._constant(name, self._weights.vectors[name])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _add(
        self, operator: str, inputs: list[str], domain: str = "com.microsoft", output: str = "", **attributes: Any
    ) -> str:
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output


def _in_pairs(blocks: Blocks) -> NDArray[np.uint8]:
    """The nibbles in MatMulNBits' order: byte j holds weights 2j and 2j + 1 of the block."""
    low, high = blocks.nibbles & 0x0F, blocks.nibbles >> 4
    first = low[..., 0::2] | low[..., 1::2] << 4
    second = high[..., 0::2] | high[..., 1::2] << 4
    return np.concatenate((first, second), axis=-1)
