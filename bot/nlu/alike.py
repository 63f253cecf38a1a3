"""Puts texts together that say much the same: JSON texts in, one group number each out.

A process of its own, so that the desk does not carry the encoder for an hourly look.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder

ALIKE_COSINE = 0.5
"""What members of a group have to each other on average.

Of 120 examples of 38 topics two of different topics reach it in less than 1 of 1,000
pairs; "gift certificates?" and "do you sell gift cards" do.
"""


def groups(texts: Sequence[str], encoder: Encoder) -> list[int]:
    """Return a group's number for each text, from 1 on; alone is a group as well.

    About 2 ms for a text; 200 texts are compared in a few more.
    """
    if len(texts) < 2:
        return [1] * len(texts)
    vectors = encoder.encode_many(texts)
    distances = np.clip(1 - vectors @ vectors.T, 0, 2)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    found = fcluster(tree, 1 - ALIKE_COSINE, "distance")
    return [int(number) for number in found]


def main() -> int:
    """Read a JSON list of texts from standard input, write one of numbers."""
    texts = [str(one) for one in json.load(sys.stdin)]
    json.dump(groups(texts, Encoder.open(encoder_folder())), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
