"""Training the reader: `python -m bench.reader.train FOLDER --out DIR --minutes 75`.

FOLDER holds the public sets (`bench/reader/data.py` says which are learnt from). Runs on a CPU; the learning rate falls
with the time given. Checkpoints go to DIR; a run that was cut off goes on from the last.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from bench.reader.data import UNKNOWN, all_examples
from bench.reader.model import Batcher, Reader, Window

BATCH_TOKENS = 2048
PEAK_RATE, HEAD_RATE = 1e-4, 1e-3
WARM_UP = 0.05
"""Share of the time in which the rate rises."""
AVERAGE = 0.998
"""Of the moving average of the weights, which is what is kept, a step."""
CHECKPOINT_SECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    train(options.folder, options.out, options.minutes * 60, options.seed)


def train(folder: Path, out: Path, seconds: float, seed: int) -> None:
    torch.manual_seed(seed)
    batcher = Batcher()
    network = Reader(batcher.weights)
    heads = [*network.line.parameters(), *network.whole.parameters()]
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": PEAK_RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    averaging = torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)  # type: ignore[no-untyped-call]
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=averaging)
    state = {"spent": 0.0, "steps": 0.0, "epoch": 0.0, "tokens": 0.0}
    last = out / "last.pt"
    if last.is_file():
        saved = torch.load(last, weights_only=True)
        network.load_state_dict(saved["network"])
        average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        state = saved["state"]
    network.train()
    began, saved_at = time.monotonic() - state["spent"], time.monotonic()
    losses: list[float] = []
    while state["spent"] < seconds:
        for batch in batches(batcher, folder, seed * 1_000_003 + int(state["steps"])):
            state["spent"] = time.monotonic() - began
            share = min(1.0, state["spent"] / seconds)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, share / WARM_UP) * (1 - share)
            loss = loss_of(network, batcher, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            average.update_parameters(network)
            losses.append(loss.item())
            state["steps"] += 1
            state["tokens"] += sum(len(window.tokens) for window in batch)
            if len(losses) == 100:
                print(json.dumps(state | {"loss": round(float(np.mean(losses)), 4)}), flush=True)
                losses = []
            if time.monotonic() - saved_at > CHECKPOINT_SECONDS or share >= 1:
                saved_at = time.monotonic()
                save(last, network, average, optimiser, state)
            if share >= 1:
                return
        state["epoch"] += 1


def save(
    path: Path, network: Reader, average: nn.Module, optimiser: torch.optim.Optimizer, state: dict[str, float]
) -> None:
    content = {
        "network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
        "state": state,
    }  # fmt: skip
    torch.save(content, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def batches(batcher: Batcher, folder: Path, seed: int) -> Iterator[list[Window]]:
    """One epoch of the texts that are not held out, windows of like length together."""
    examples = [example for example in all_examples(folder, seed) if not example.held_out]
    draw = np.random.default_rng(seed)
    windows = list(batcher.windows(examples))
    order = draw.permutation(len(windows))
    pool = 400
    groups = []
    for first in range(0, len(order), pool):
        group: list[Window] = []
        for number in sorted(order[first : first + pool], key=lambda n: len(windows[n].tokens)):
            if group and (len(group) + 1) * len(windows[number].tokens) > BATCH_TOKENS:
                groups.append(group)
                group = []
            group.append(windows[number])
        groups.append(group)
    for number in draw.permutation(len(groups)):
        yield groups[number]


def loss_of(network: Reader, batcher: Batcher, batch: Sequence[Window]) -> torch.Tensor:
    """Cross-entropy of the lines, and half that of the texts."""
    embedded, mask, spans, labels, answered = batcher.tensors(batch)
    lines, whole = network(embedded, mask, spans)
    return _entropy(lines, labels) + 0.5 * _entropy(whole, answered)


def _entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return logits.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(logits[known], labels[known].float())


if __name__ == "__main__":
    main()
