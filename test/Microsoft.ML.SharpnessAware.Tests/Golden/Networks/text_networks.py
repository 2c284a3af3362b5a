"""Writes text_networks.json: what PyTorch computes for small text networks, text by text and without padding.

    python3 text_networks.py
"""
import torch
from torch import nn
from torch.nn.functional import conv1d, embedding_bag

from pytorch_golden import backward, described, fill, gradient_norms, write

VOCABULARY, LENGTH, CLASSES = 11, 7, 3
TEXTS = [[5, 1, 9, 2, 2, 10, 3], [4], [7, 3, 8, 6]]
SENTENCES = [[0, 0, 0, 1, 1, 1, 1], [0], [0, 1, 1, 1]]


def bag(p, ids, sentences):
    x = embedding_bag(ids[None], p["words.weight"], mode="mean")[0]
    if "head.hidden.weight" in p:
        x = (p["head.hidden.weight"] @ x + p["head.hidden.bias"]).clamp(min=0)
    return p["head.output.weight"] @ x + p["head.output.bias"]


def cnn(p, ids, sentences):
    x = p["words.weight"][ids].T[None]
    answers = []
    for number in range(3):
        kernel, bias = p[f"filters.{number}.convolution.weight"], p[f"filters.{number}.convolution.bias"]
        zeros = x.new_zeros(1, x.shape[1], kernel.shape[2] - 1)
        answers.append(conv1d(torch.cat([zeros, x, zeros], 2), kernel, bias).relu().max(2).values[0])
    return p["head.output.weight"] @ torch.cat(answers) + p["head.output.bias"]


def layer(p, prefix, width, heads, hidden, norm_first):
    """PyTorch's own layer; its state dict has other names, and query, key and value in one."""
    module = nn.TransformerEncoderLayer(width, heads, hidden, 0, "gelu", 1e-5, batch_first=True, norm_first=norm_first).double()
    names = {
        "self_attn.out_proj": "attention.output", "linear1": "feedForward.first", "linear2": "feedForward.second",
        "norm1": "attentionNorm", "norm2": "feedForwardNorm",
    }
    weights = {}
    for kind in ("weight", "bias"):
        weights[f"self_attn.in_proj_{kind}"] = torch.cat([p[f"{prefix}attention.{part}.{kind}"] for part in ("query", "key", "value")])
        weights.update({f"{theirs}.{kind}": p[f"{prefix}{ours}.{kind}"] for theirs, ours in names.items()})
    return lambda x: torch.nn.utils.stateless.functional_call(module, weights, x)


def norm(p, name, x):
    return nn.functional.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)


def transformer(norm_first, first):
    def forward(p, ids, sentences):
        x = p["embeddings.words.weight"][ids] + p["embeddings.positions.weight"][: len(ids)] + p["embeddings.segments.weight"][sentences]
        x = norm(p, "embeddings.norm", x)[None]
        for number in range(2):
            x = layer(p, f"layers.{number}.", 8, 2, 12, norm_first)(x)
        if norm_first:
            x = norm(p, "norm", x)
        pooled = x[0, 0] if first else x[0].mean(0)
        return p["head.output.weight"] @ pooled + p["head.output.bias"]

    return forward


def linear(name, rows, columns):
    return {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}


def layer_norm(name, width):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def bag_shapes(width, hidden):
    head = {**linear("head.hidden", hidden, width), **linear("head.output", CLASSES, hidden)} if hidden else linear("head.output", CLASSES, width)
    return {"words.weight": (VOCABULARY, width), **head}


def cnn_shapes(width, maps):
    filters = {}
    for number, length in enumerate((3, 4, 5)):
        filters.update({f"filters.{number}.convolution.weight": (maps, width, length), f"filters.{number}.convolution.bias": (maps,)})
    return {"words.weight": (VOCABULARY, width), **filters, **linear("head.output", CLASSES, 3 * maps)}


def transformer_shapes(norm_first):
    width, hidden = 8, 12
    shapes = {"embeddings.words.weight": (VOCABULARY, width), "embeddings.positions.weight": (LENGTH, width), "embeddings.segments.weight": (2, width)}
    shapes.update(layer_norm("embeddings.norm", width))
    for number in range(2):
        prefix = f"layers.{number}."
        for part in ("query", "key", "value", "output"):
            shapes.update(linear(f"{prefix}attention.{part}", width, width))
        shapes.update({**layer_norm(f"{prefix}attentionNorm", width), **layer_norm(f"{prefix}feedForwardNorm", width)})
        shapes.update({**linear(f"{prefix}feedForward.first", hidden, width), **linear(f"{prefix}feedForward.second", width, hidden)})
    if norm_first:
        shapes.update(layer_norm("norm", width))
    return {**shapes, **linear("head.output", CLASSES, width)}


def run(forward, shapes):
    p = {name: torch.zeros(shape, dtype=torch.float64, requires_grad=True) for name, shape in shapes.items()}
    fill(p)
    logits = torch.stack([forward(p, torch.tensor(ids), torch.tensor(sentences)) for ids, sentences in zip(TEXTS, SENTENCES)])
    backward(logits)
    return {
        "vocabulary": VOCABULARY,
        "length": LENGTH,
        "texts": TEXTS,
        "sentences": SENTENCES,
        "tensors": described(p),
        "logits": logits.flatten().tolist(),
        "gradient_norms": gradient_norms(p.items()),
    }


def main():
    sizes = "Layers = 2, Width = 8, Heads = 2, FeedForward = 12, Dropout = 0"
    cases = {
        "BagOfEmbeddings { Width = 5, Hidden = 0, Dropout = 0 }": run(bag, bag_shapes(5, 0)),
        "BagOfEmbeddings { Width = 5, Hidden = 4, Dropout = 0 }": run(bag, bag_shapes(5, 4)),
        "TextCnn { Width = 6, ShortestFilter = 3, LongestFilter = 5, FeatureMaps = 4, Dropout = 0 }": run(cnn, cnn_shapes(6, 4)),
        f"TextTransformer {{ {sizes}, Pooling = Mean, PreNorm = True }}": run(transformer(True, False), transformer_shapes(True)),
        f"TextTransformer {{ {sizes}, Pooling = First, PreNorm = False }}": run(transformer(False, True), transformer_shapes(False)),
    }
    write(__file__, cases)


main()
