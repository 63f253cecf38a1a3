"""Tunes the sentence encoder to the clinic's language; run by a maintainer, rarely.

Needs PyTorch, which Meridian itself does not: docs/decisions/0012 has the recipe.

    python -m bot.nlu.finetune FOLDER_OF_PUBLISHED_MODEL bot/nlu/delta.safetensors
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch  # type: ignore[import-not-found]
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional  # type: ignore[import-not-found]

from bot.nlu.examples import examples, is_kept_back

LAYERS, HEADS, WIDTH = 6, 12, 384
RANK, SCALE = 8, 2.0
EPOCHS, BATCH, RATE = 8, 64, 1e-3
# Cosines are spread by this before they compete; the usual choice for unit vectors.
SHARPNESS, SMOOTHING, DROPOUT = 20.0, 0.1, 0.1
MAX_TOKENS = 64
TWIN_COSINE = 0.88
SEED = 0
ROOT = Path(__file__).parents[2]


class Tuned(nn.Module):
    """The published network, with a low-rank change to each layer's query and value.

    Attributes:
        down, up: by weight name, shapes (8, 384) and (384, 8); the change to the
            weight is up @ down * SCALE, at first nothing.
    """

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.weights = weights
        self.down, self.up = nn.ParameterDict(), nn.ParameterDict()
        for layer in range(LAYERS):
            for part in ("query", "value"):
                name = f"encoder.layer.{layer}.attention.self.{part}"
                key = name.replace(".", "/")
                self.down[key] = nn.Parameter(torch.randn(RANK, WIDTH) * 0.02)
                self.up[key] = nn.Parameter(torch.zeros(WIDTH, RANK))

    def _linear(self, x: Tensor, name: str) -> Tensor:
        weights, key = self.weights, name.replace(".", "/")
        y = functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])
        if key not in self.down:
            return y
        change = functional.linear(functional.linear(x, self.down[key]), self.up[key])
        return y + SCALE * change

    def _norm(self, x: Tensor, name: str) -> Tensor:
        scale, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(x, (WIDTH,), scale, bias, 1e-12)

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, DROPOUT, self.training)

    def _attention(self, x: Tensor, name: str, padding: Tensor) -> Tensor:
        def heads(part: str) -> Tensor:
            y = self._linear(x, f"{name}.self.{part}")
            return y.view(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

        mixed = functional.scaled_dot_product_attention(
            heads("query"), heads("key"), heads("value"), padding
        )
        return self._linear(
            mixed.transpose(1, 2).reshape(x.shape), f"{name}.output.dense"
        )

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return unit vectors, shape (batch, 384)."""
        kind = "embeddings.{}_embeddings.weight".format
        x = self.weights[kind("word")][ids]
        x = x + self.weights[kind("position")][: ids.shape[1]]
        x = x + self.weights[kind("token_type")][0]
        x = self._drop(self._norm(x, "embeddings.LayerNorm"))
        padding = (1 - mask.float())[:, None, None, :] * -1e9
        for number in range(LAYERS):
            name = f"encoder.layer.{number}"
            attended = self._drop(self._attention(x, f"{name}.attention", padding))
            x = self._norm(x + attended, f"{name}.attention.output.LayerNorm")
            inner = functional.gelu(self._linear(x, f"{name}.intermediate.dense"))
            outer = self._drop(self._linear(inner, f"{name}.output.dense"))
            x = self._norm(x + outer, f"{name}.output.LayerNorm")
        wide = mask.float()[..., None]
        return functional.normalize((x * wide).sum(1) / wide.sum(1), dim=1)


def encode(network: Tuned, tokens: Sequence[list[int]]) -> Tensor:
    """Return the unit vectors of tokenized texts, shape (n, 384)."""
    network.eval()
    vectors = torch.zeros(len(tokens), WIDTH)
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    with torch.no_grad():
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            vectors[rows] = network(*_padded([tokens[row] for row in rows]))
    return vectors


def tune(network: Tuned, tokens: Sequence[list[int]], kinds: Tensor) -> None:
    """Draw texts of one label together and others apart; about 4 minutes.

    Args:
        network: changed in place.
        tokens: n tokenized texts.
        kinds: the number of each text's label, shape (n,).
    """
    start = encode(network, tokens)
    centres = torch.stack([start[kinds == kind].mean(0) for kind in kinds.unique()])
    centres = nn.Parameter(functional.normalize(centres, dim=1))
    bias = nn.Parameter(torch.zeros(len(centres)))
    changed = list(network.parameters())
    groups = [
        {"params": changed, "lr": RATE},
        {"params": [centres, bias], "lr": 2 * RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    total = EPOCHS * -(-len(tokens) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / (0.1 * total)) * max(0.0, 1 - step / total),
    )
    network.train()
    for epoch, rows in _batches([len(text) for text in tokens]):
        vectors = network(*_padded([tokens[row] for row in rows]))
        logits = SHARPNESS * vectors @ functional.normalize(centres, dim=1).T + bias
        loss = functional.cross_entropy(logits, kinds[rows], label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(changed, 1.0)
        optimizer.step()
        schedule.step()
        sys.stdout.write(f"\repoch {epoch + 1}/{EPOCHS}, loss {loss.item():.3f}")
        sys.stdout.flush()


def _batches(lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield (epoch, rows); texts of like length together, which halves the work."""
    chance = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        rows = chance.permutation(len(lengths)).tolist()
        batches = []
        for start in range(0, len(rows), 8 * BATCH):
            near = sorted(rows[start : start + 8 * BATCH], key=lambda row: lengths[row])
            batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
        for number in chance.permutation(len(batches)):
            yield epoch, batches[number]


def _padded(tokens: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    ids = nn.utils.rnn.pad_sequence([torch.tensor(t) for t in tokens], batch_first=True)
    return ids, (ids != 0).long()


def main() -> int:
    """Tune on four fifths of the project's examples and write the change down."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # the same sums in the same order
    network = Tuned(load_file(source / "model.safetensors"))
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    texts, labels = zip(*examples(ROOT / "data"), strict=True)
    tokens = [tokenizer.encode(text).ids for text in texts]
    vectors = encode(network, tokens)
    back = np.array([is_kept_back(text) for text in texts])
    # A near twin of a text that is kept back would give it away.
    seen = ~((vectors @ vectors[back].T > TWIN_COSINE).any(1).numpy() | back)
    rows = np.flatnonzero(seen).tolist()
    kinds = np.unique(np.array(labels)[rows], return_inverse=True)[1]
    tune(network, [tokens[row] for row in rows], torch.tensor(kinds))
    change = {}
    for key, down in network.down.items():
        name = key.replace("/", ".")
        change[f"{name}.down"] = down.detach().half()
        change[f"{name}.up"] = (SCALE * network.up[key].detach()).half()
    save_file(change, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
