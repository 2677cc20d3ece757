"""From a checkpoint to what answers: `python -m bench.reader.export DIR/last.pt index/weights/reader.onnx`.

The averaged weights in 8 bits, with the head, as one ONNX file; words and positions stay in multilingual-e5-small's own
file. Prints the SHA-256 to pin in `index/reader.py`.
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from bench.reader.model import NAMES
from index.e5_graph import Bytes, EncoderGraph
from index.e5_weights import Floats, Shape, find_file, read_weights
from index.reader import EMBEDDED, LINES, SPANS, WHOLE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, weights_only=True)["average"]
    state = {name.removeprefix("module."): value.numpy() for name, value in saved.items() if name != "n_averaged"}
    data = reader_graph(state, read_weights(find_file()).shape)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(data)
    print(f"{options.out}: {len(data) / 2**20:.1f} MiB, SHA-256 {hashlib.sha256(data).hexdigest()}")


def reader_graph(state: Mapping[str, Floats], shape: Shape) -> bytes:
    """The network as `bench.reader.model.Reader` computes it, one text at a time."""
    matrices, vectors = (
        {},
        {
            "emb.ln.w": state["encoder.embeddings.LayerNorm.weight"],
            "emb.ln.b": state["encoder.embeddings.LayerNorm.bias"],
        },
    )
    for layer in range(shape.layers):
        for short, long in NAMES.items():
            weight = state[f"encoder.encoder.layer.{layer}.{long}.weight"]
            vectors[f"l{layer}.{short}.b"] = state[f"encoder.encoder.layer.{layer}.{long}.bias"]
            if weight.ndim == 2:
                matrices[f"l{layer}.{short}.w"] = Bytes.of(weight)
            else:
                vectors[f"l{layer}.{short}.w"] = weight
    graph = EncoderGraph(shape, vectors, matrices)
    states = graph.encode(EMBEDDED)
    whole = graph.add("Gather", [states, graph.constant("zero", np.array([0]))], domain="", axis=1)
    _linear(graph, whole, state["whole.weight"], state["whole.bias"], WHOLE)
    means = graph.add("MatMul", [SPANS, states], domain="")
    first, last, end = (graph.constant(f"at{n}", np.array([n])) for n in (0, 1, 10**6))
    axis = graph.constant("axis", np.array([1]))
    question = graph.add("Slice", [means, first, last, axis], domain="")
    lines = graph.add("Slice", [means, last, end, axis], domain="")
    unit = [graph.add("LpNormalization", [side], domain="", axis=-1, p=2) for side in (question, lines)]
    alike = graph.add("Mul", unit, domain="")
    scaled = graph.add(
        "Mul", [lines, graph.constant("scale", np.array(shape.width**-0.5, dtype=np.float32))], domain=""
    )
    both = graph.add("Concat", [alike, scaled], domain="", axis=-1)
    _linear(graph, both, state["line.weight"], state["line.bias"], LINES)
    return graph.serialised(
        "reader",
        {EMBEDDED: [1, "tokens", shape.width], SPANS: [1, "spans", "tokens"]},
        {LINES: [1, "lines", 1], WHOLE: [1, 1, 1]},
    )


def _linear(graph: EncoderGraph, inputs: str, weight: Floats, bias: Floats, output: str) -> None:
    product = graph.add("MatMul", [inputs, graph.constant(f"{output}.w", weight.T)], domain="")
    graph.add("Add", [product, graph.constant(f"{output}.b", bias)], domain="", output=output)


if __name__ == "__main__":
    main()
