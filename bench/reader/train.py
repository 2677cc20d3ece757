"""Training the reader: `python -m bench.reader.train FOLDER --out FILE --minutes 33`.

FOLDER holds the public sets (`bench/reader/data.py` says which are learnt from). Runs on a CPU; the learning rate falls
with the time given. The averaged weights go to FILE now and then, and at the end.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from bench.reader.data import UNKNOWN, Example, conditionalqa, doc2dial, mtrag, omosqa
from bench.reader.model import ReaderNetwork
from bench.reader.states import Half, Key, Pair, States, pairs_of
from index.e5_words import load_words
from index.reader import TRAITS, traits

BATCH_TOKENS = 3000
PEAK_RATE, MIXER_RATE, DECAY = 1.5e-4, 1e-3, 0.05
WARM_UP = 0.04
"""Share of the time in which the rates rise."""
AVERAGE = 0.98
"""Of the moving average of the weights, a step."""
ASKED, STRANGERS = 3, 2
"""Questions of a window in a step at most, and questions of other windows that it does not answer."""
EPOCHS_DRAWN = 2
"""Times that languages, stories and negatives are drawn; an epoch goes over all that were."""
SAVE_SECONDS = 420


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=33)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    pairs = pairs_of(learnt_from(options.folder))
    states = States()
    states.add(pairs)
    train(pairs, states, options.out, options.minutes * 60)


def learnt_from(folder: Path) -> list[Example]:
    """All sets, without the texts that are held out."""
    drawn = [random.Random(seed) for seed in range(EPOCHS_DRAWN)]
    examples = [e for draw in drawn for e in omosqa(folder, "train", draw)]
    examples += [e for draw in drawn for read in (conditionalqa, doc2dial, mtrag) for e in read(folder, draw)]
    examples += omosqa(folder, "train", drawn[0], every_pair=True)
    return [example for example in examples if example.lines and not example.held_out]


def train(pairs: Sequence[Pair], states: States, out: Path, seconds: float) -> None:
    asked: dict[Key, dict[str, Pair]] = {}
    for pair in pairs:
        asked.setdefault(pair.window, {})[pair.question] = pair
    network = ReaderNetwork(load_words().weights)
    groups = [{"params": network.top.parameters()}, {"params": network.mix.parameters()}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    averaging = torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)  # type: ignore[no-untyped-call]
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=averaging)
    network.train()
    began = saved = time.monotonic()
    losses: list[float] = []
    for batch in endless_batches(asked, states):
        share = (time.monotonic() - began) / seconds
        if share >= 1:
            break
        for group, rate in zip(optimiser.param_groups, (PEAK_RATE, MIXER_RATE), strict=True):
            group["lr"] = rate * min(1.0, share / WARM_UP) * (1 - share)
        loss = loss_of(network, batch, asked, states)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        average.update_parameters(network)
        losses.append(loss.item())
        if len(losses) % 25 == 0:
            print(f"{len(losses)} steps, {share:.0%} of the time, loss {np.mean(losses[-25:]):.4f}", flush=True)
        if time.monotonic() - saved > SAVE_SECONDS:
            saved = time.monotonic()
            torch.save(average.module.state_dict(), out)
    torch.save(average.module.state_dict(), out)


def endless_batches(asked: dict[Key, dict[str, Pair]], states: States) -> Iterator[list[Key]]:
    """Windows of like length together, in an order that is drawn anew each time round."""
    while True:
        keys = random.sample(list(asked), len(asked))
        batches: list[list[Key]] = []
        for first in range(0, len(keys), 600):
            batch: list[Key] = []
            for key in sorted(keys[first : first + 600], key=lambda key: len(states.windows[key][0])):
                if batch and (len(batch) + 1) * len(states.windows[key][0]) > BATCH_TOKENS:
                    batches.append(batch)
                    batch = []
                batch.append(key)
            batches.append(batch)
        yield from random.sample(batches, len(batches))


def loss_of(network: ReaderNetwork, batch: Sequence[Key], asked: dict[Key, dict[str, Pair]], states: States) -> Tensor:
    """Cross-entropy of the lines, and half that of the windows."""
    chosen = [
        (n, pair)
        for n, key in enumerate(batch)
        for pair in random.sample([*asked[key].values()], len(asked[key]))[:ASKED]
    ]
    questions = list(dict.fromkeys(pair.question for _, pair in chosen))
    rows = [(questions.index(pair.question), n, pair.labels, pair.answered) for n, pair in chosen]
    taken = {row[:2] for row in rows}
    for n, key in enumerate(batch):
        for q in random.choices(range(len(questions)), k=STRANGERS):
            if questions[q] not in asked[key] and (q, n) not in taken:
                taken.add((q, n))
                rows.append((q, n, (0,) * len(key[1]), 0))
    window, lines, line_traits, empty = encode_windows(network, batch, states)
    question = network.top.texts(*padded([states.questions[q] for q in questions]))
    by_question, by_window = (torch.tensor([row[side] for row in rows]) for side in (0, 1))
    found, whole = network.mix(
        question[by_question], window[by_window], lines[by_window], line_traits[by_window], empty[by_window]
    )
    labels = torch.full(found.shape, UNKNOWN)
    for row, (_, _, marks, _) in enumerate(rows):
        labels[row, : len(marks)] = torch.tensor(marks)
    return _entropy(found, labels) + 0.5 * _entropy(whole, torch.tensor([row[3] for row in rows]))


def encode_windows(
    network: ReaderNetwork, batch: Sequence[Key], states: States
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Vectors of windows and their lines, the lines' traits, and where a row is padding."""
    tokens, mask = padded([states.windows[key][0] for key in batch])
    most = max(len(key[1]) for key in batch)
    spans = torch.zeros(len(batch), most, tokens.shape[1])
    line_traits = torch.zeros(len(batch), most, TRAITS)
    empty = torch.ones(len(batch), most, dtype=torch.bool)
    for row, key in enumerate(batch):
        for line, (start, end) in enumerate(states.windows[key][1]):
            spans[row, line, start:end] = 1 / (end - start)
        line_traits[row, : len(key[1])] = torch.tensor([traits(line) for line in key[1]])
        empty[row, : len(key[1])] = False
    lines, window = network.top.lines(tokens, mask, spans)
    return window, lines, line_traits, empty


def padded(states: Sequence[Half]) -> tuple[Tensor, Tensor]:
    """States of several texts in one tensor, and where there is a token."""
    longest = max(len(one) for one in states)
    tokens = torch.zeros(len(states), longest, states[0].shape[-1])
    mask = torch.zeros(len(states), longest, dtype=torch.bool)
    for row, one in enumerate(states):
        tokens[row, : len(one)] = torch.from_numpy(one.astype(np.float32))
        mask[row, : len(one)] = True
    return tokens, mask


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return logits.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(logits[known], labels[known].float())


if __name__ == "__main__":
    main()
