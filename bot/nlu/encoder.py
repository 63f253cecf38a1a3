"""Turns a sentence into 384 numbers that lie near those of sentences meaning alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from bot.nlu.encoder_files import MODEL, VOCABULARY, verified_model_sha256

Vector = npt.NDArray[np.float32]

WIDTH = 384
# A chat message beyond this adds cost and no meaning; the network could take 512.
MAX_TOKENS = 128
# Far more than 128 tokens need; keeps a pasted page from costing tokenizer time.
MAX_CHARACTERS = 2_000


def readable(text: str) -> str:
    """Return a text as the tokenizer can take it: one line, bounded, valid Unicode."""
    line = " ".join(text.split())[:MAX_CHARACTERS]
    # Half a surrogate pair (a cut emoji) cannot be written as UTF-8.
    return line.encode("utf-8", "replace").decode("utf-8")


class Encoder:
    """The sentence encoder; one per process and folder, safe to share.

    Attributes:
        sha256: names the network; vectors of different networks do not compare.
    """

    def __init__(
        self, sha256: str, session: onnxruntime.InferenceSession, tokenizer: Tokenizer
    ) -> None:
        self.sha256 = sha256
        self._session = session
        self._tokenizer = tokenizer

    @staticmethod
    def open(folder: Path) -> Encoder:
        """Open a built encoder, or return the one that this process has open.

        Args:
            folder: what `bot.nlu.encoder_files.encoder_folder` returns.

        Raises:
            EncoderMissing: not built, or its files are not what the manifest says.
        """
        return _open(folder.resolve())

    def encode(self, text: str) -> Vector:
        """Return the text's unit vector, shape (384,); any text will do, even none.

        About 1.5 ms for a short sentence on one thread.
        """
        ids = self._tokenizer.encode(readable(text)).ids
        tokens = np.array([ids], np.int64)
        (vectors,) = self._session.run(
            None, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        )
        vector: Vector = vectors[0]
        return vector

    def encode_many(self, texts: Iterable[str]) -> Vector:
        """Return the texts' unit vectors, shape (n, 384), each as `encode` gives it.

        One at a time: the int8 network scales its numbers by the whole batch, so
        in company a sentence would get another vector than alone.
        """
        vectors = [self.encode(text) for text in texts]
        return np.array(vectors, np.float32).reshape(len(vectors), WIDTH)


@lru_cache(maxsize=4)
def _open(folder: Path) -> Encoder:
    sha256 = verified_model_sha256(folder)
    # NumPy's threads would double the processor time of every message.
    threadpool_limits(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # A waiting thread would burn the core that the other processes need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(folder / MODEL), options, providers=["CPUExecutionProvider"]
    )
    return Encoder(sha256, session, _tokenizer(folder / VOCABULARY))


def _tokenizer(vocabulary: Path) -> Tokenizer:
    """Build BERT's uncased tokenizer, the one that the network was trained with."""
    pieces = vocabulary.read_text(encoding="utf-8").splitlines()
    ids = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))  # noqa: S106 (no secret)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"])
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
