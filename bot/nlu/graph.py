"""Writes all-MiniLM-L6-v2 as an ONNX graph: token ids in, one unit vector out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[Any]]

HEADS, LAYERS, WIDTH = 12, 6, 384
HEAD_WIDTH = WIDTH // HEADS
OPSET, IR_VERSION = 17, 8
# The trained network's own constant (BertConfig.layer_norm_eps).
LAYER_NORM_EPSILON = 1e-12
IDS, MASK, EMBEDDING = "input_ids", "attention_mask", "embedding"


def tuned(weights: Weights, delta: Weights) -> Weights:
    """Return the network's weights with a low-rank change merged in.

    Args:
        weights: the tensors of the published model, by their published names.
        delta: for some `<name>.weight` of them, shape (rows, columns), a `<name>.up`,
            (rows, rank), and a `<name>.down`, (rank, columns), in half precision.
    """
    merged = dict(weights)
    for key in delta:
        name, _, part = key.rpartition(".")
        if part == "up":
            up, down = (delta[f"{name}.{one}"] for one in ("up", "down"))
            change = up.astype(np.float32) @ down.astype(np.float32)
            merged[f"{name}.weight"] = weights[f"{name}.weight"] + change
    return merged


class _Graph:
    """Collects nodes and constants, and gives each a name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: npt.NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name].astype(np.float32))

    def apply(self, operator: str, *inputs: str, **settings: Any) -> str:
        output = f"value_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, list(inputs), [output], **settings)
        )
        return output

    def linear(self, x: str, name: str) -> str:
        matrix = self.weights[f"{name}.weight"].astype(np.float32).T.copy()
        product = self.apply("MatMul", x, self.constant(matrix))
        return self.apply("Add", product, self.weight(f"{name}.bias"))

    def layer_norm(self, x: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.apply(
            "LayerNormalization", x, scale, bias, axis=-1, epsilon=LAYER_NORM_EPSILON
        )

    def heads(self, x: str, order: list[int]) -> str:
        shape = self.integers(0, 0, HEADS, HEAD_WIDTH)
        return self.apply("Transpose", self.apply("Reshape", x, shape), perm=order)


def _embeddings(graph: _Graph) -> str:
    words = graph.apply(
        "Gather", graph.weight("embeddings.word_embeddings.weight"), IDS
    )
    shape = graph.apply("Shape", IDS)
    length = graph.apply("Slice", shape, graph.integers(1), graph.integers(2))
    positions = graph.apply(
        "Slice",
        graph.weight("embeddings.position_embeddings.weight"),
        graph.integers(0),
        length,
        graph.integers(0),
    )
    # One sentence at a time: every token is of the first of BERT's two types.
    kind = graph.weights["embeddings.token_type_embeddings.weight"][0]
    total = graph.apply(
        "Add", graph.apply("Add", words, positions), graph.constant(kind)
    )
    return graph.layer_norm(total, "embeddings.LayerNorm")


def _attention(graph: _Graph, x: str, layer: str, padding: str) -> str:
    name = f"{layer}.attention.self"
    query = graph.heads(graph.linear(x, f"{name}.query"), [0, 2, 1, 3])
    key = graph.heads(graph.linear(x, f"{name}.key"), [0, 2, 3, 1])
    value = graph.heads(graph.linear(x, f"{name}.value"), [0, 2, 1, 3])
    scores = graph.apply(
        "Mul", graph.apply("MatMul", query, key), graph.number(HEAD_WIDTH**-0.5)
    )
    shares = graph.apply("Softmax", graph.apply("Add", scores, padding), axis=-1)
    mixed = graph.apply(
        "Transpose", graph.apply("MatMul", shares, value), perm=[0, 2, 1, 3]
    )
    joined = graph.apply("Reshape", mixed, graph.integers(0, 0, WIDTH))
    return graph.linear(joined, f"{layer}.attention.output.dense")


def _gelu(graph: _Graph, x: str) -> str:
    curve = graph.apply("Erf", graph.apply("Div", x, graph.number(2**0.5)))
    doubled = graph.apply("Mul", x, graph.apply("Add", curve, graph.number(1.0)))
    return graph.apply("Mul", doubled, graph.number(0.5))


def _layer(graph: _Graph, x: str, layer: str, padding: str) -> str:
    attended = graph.apply("Add", _attention(graph, x, layer, padding), x)
    x = graph.layer_norm(attended, f"{layer}.attention.output.LayerNorm")
    inner = _gelu(graph, graph.linear(x, f"{layer}.intermediate.dense"))
    outer = graph.apply("Add", graph.linear(inner, f"{layer}.output.dense"), x)
    return graph.layer_norm(outer, f"{layer}.output.LayerNorm")


def _mean(graph: _Graph, x: str, mask: str) -> str:
    wide = graph.apply("Unsqueeze", mask, graph.integers(2))
    over_tokens = graph.integers(1)
    total = graph.apply(
        "ReduceSum", graph.apply("Mul", x, wide), over_tokens, keepdims=0
    )
    count = graph.apply("ReduceSum", wide, over_tokens, keepdims=0)
    return graph.apply("Div", total, count)


def sentence_graph(weights: Weights) -> onnx.ModelProto:
    """Write the network out: embeddings, six layers, mean over tokens, L2 norm.

    Args:
        weights: the tensors of the published model, by their published names.

    Returns:
        A checked model: `input_ids` and `attention_mask` (int64, batch x tokens) in,
        `embedding` (float32, batch x 384, length 1) out.

    Raises:
        KeyError: a tensor is missing.
    """
    graph = _Graph(weights)
    mask = graph.apply("Cast", MASK, to=TensorProto.FLOAT)
    absent = graph.apply("Sub", graph.number(1.0), mask)
    padding = graph.apply(
        "Mul",
        graph.apply("Unsqueeze", absent, graph.integers(1, 2)),
        graph.number(-1e9),
    )
    x = _embeddings(graph)
    for number in range(LAYERS):
        x = _layer(graph, x, f"encoder.layer.{number}", padding)
    pooled = _mean(graph, x, mask)
    graph.nodes.append(
        helper.make_node("LpNormalization", [pooled], [EMBEDDING], axis=-1, p=2)
    )
    tokens = ["batch", "tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "sentence_encoder",
            [
                helper.make_tensor_value_info(IDS, TensorProto.INT64, tokens),
                helper.make_tensor_value_info(MASK, TensorProto.INT64, tokens),
            ],
            [
                helper.make_tensor_value_info(
                    EMBEDDING, TensorProto.FLOAT, ["batch", WIDTH]
                )
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model)
    return model
