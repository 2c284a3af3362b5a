"""Writes tiny models as folders, bert/, roberta/, distilbert/ and minilm/ beside this file, and bert_folders.json: what PyTorch computes for them.

    python3 bert_folders.py

The forward passes are written down from the papers and the names of the tensors, in the order of the original code. Weights
are random, except for those of the head that no file has.
"""
import json
import struct
from pathlib import Path

import torch
from torch.nn.functional import gelu, layer_norm, linear, softmax

from pytorch_golden import backward, described, fill, gradient_norms, write

HERE = Path(__file__).parent
HIDDEN, HEADS, LAYERS, INTERMEDIATE, VOCABULARY, CLASSES = 8, 2, 2, 12, 17, 3
TEXTS = [[2, 5, 7, 16, 3, 9, 9, 3], [2, 3], [2, 11, 4, 3, 6, 3]]
SENTENCES = [[0, 0, 0, 0, 0, 1, 1, 1], [0, 0], [0, 0, 0, 0, 1, 1]]
TYPES = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}


def tanh_gelu(x):
    return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))


def dense(p, name, x):
    return linear(x, p[f"{name}.weight"], p[f"{name}.bias"])


def norm(p, name, x, epsilon):
    return layer_norm(x, (HIDDEN,), p[f"{name}.weight"], p[f"{name}.bias"], epsilon)


def attention(q, k, v, visible):
    split = lambda x: x.view(x.shape[0], x.shape[1], HEADS, HIDDEN // HEADS).permute(0, 2, 1, 3)
    scores = split(q) @ split(k).transpose(-1, -2) / (HIDDEN // HEADS) ** 0.5
    scores = scores.masked_fill(~visible[:, None, None, :], torch.finfo(scores.dtype).min)
    return (softmax(scores, -1) @ split(v)).permute(0, 2, 1, 3).reshape(q.shape)


def bert_encoder(p, ids, sentences, positions, pad, epsilon, activation):
    x = p["embeddings.word_embeddings.weight"][ids] + p["embeddings.token_type_embeddings.weight"][sentences]
    x = norm(p, "embeddings.LayerNorm", x + p["embeddings.position_embeddings.weight"][positions], epsilon)
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}"
        q, k, v = (dense(p, f"{layer}.attention.self.{part}", x) for part in ("query", "key", "value"))
        seen = dense(p, f"{layer}.attention.output.dense", attention(q, k, v, ids != pad))
        x = norm(p, f"{layer}.attention.output.LayerNorm", seen + x, epsilon)
        inner = activation(dense(p, f"{layer}.intermediate.dense", x))
        x = norm(p, f"{layer}.output.LayerNorm", dense(p, f"{layer}.output.dense", inner) + x, epsilon)
    return x


def bert(epsilon, activation):
    def forward(p, ids, sentences):
        x = bert_encoder(p, ids, sentences, torch.arange(ids.shape[1]), 0, epsilon, activation)
        return dense(p, "head.output", torch.tanh(dense(p, "pooler.dense", x[:, 0])))

    return forward


def roberta(p, ids, sentences):
    real = (ids != 1).long()
    x = bert_encoder(p, ids, torch.zeros_like(ids), torch.cumsum(real, 1) * real + 1, 1, 1e-5, gelu)
    return dense(p, "head.output", torch.tanh(dense(p, "head.dense", x[:, 0])))


def distilbert(p, ids, sentences):
    x = p["embeddings.word_embeddings.weight"][ids] + p["embeddings.position_embeddings.weight"][torch.arange(ids.shape[1])]
    x = norm(p, "embeddings.LayerNorm", x, 1e-12)
    for n in range(LAYERS):
        layer = f"transformer.layer.{n}"
        q, k, v = (dense(p, f"{layer}.attention.{part}_lin", x) for part in "qkv")
        seen = dense(p, f"{layer}.attention.out_lin", attention(q, k, v, ids != 0))
        x = norm(p, f"{layer}.sa_layer_norm", seen + x, 1e-12)
        inner = gelu(dense(p, f"{layer}.ffn.lin1", x))
        x = norm(p, f"{layer}.output_layer_norm", dense(p, f"{layer}.ffn.lin2", inner) + x, 1e-12)
    return dense(p, "head.output", torch.relu(dense(p, "head.dense", x[:, 0])))


def drawn(modules, tables):
    tensors = {f"{name}.weight": 0.4 * torch.randn(rows, HIDDEN) for name, rows in tables.items()}
    for name, (rows, columns) in modules.items():
        is_norm = columns is None
        tensors[f"{name}.weight"] = 1 + 0.2 * torch.randn(rows) if is_norm else 0.5 * torch.randn(rows, columns)
        tensors[f"{name}.bias"] = 0.2 * torch.randn(rows)
    return tensors


def bert_weights(positions, types, pooler):
    modules = {"embeddings.LayerNorm": (HIDDEN, None)}
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}"
        modules.update({f"{layer}.attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")})
        modules.update({f"{layer}.attention.output.dense": (HIDDEN, HIDDEN), f"{layer}.attention.output.LayerNorm": (HIDDEN, None)})
        modules.update({f"{layer}.intermediate.dense": (INTERMEDIATE, HIDDEN), f"{layer}.output.dense": (HIDDEN, INTERMEDIATE)})
        modules[f"{layer}.output.LayerNorm"] = (HIDDEN, None)
    if pooler:
        modules["pooler.dense"] = (HIDDEN, HIDDEN)
    tables = {"embeddings.word_embeddings": VOCABULARY, "embeddings.position_embeddings": positions, "embeddings.token_type_embeddings": types}
    return drawn(modules, tables)


def distilbert_weights(positions):
    modules = {"embeddings.LayerNorm": (HIDDEN, None)}
    for n in range(LAYERS):
        layer = f"transformer.layer.{n}"
        modules.update({f"{layer}.attention.{part}_lin": (HIDDEN, HIDDEN) for part in ("q", "k", "v", "out")})
        modules.update({f"{layer}.ffn.lin1": (INTERMEDIATE, HIDDEN), f"{layer}.ffn.lin2": (HIDDEN, INTERMEDIATE)})
        modules.update({f"{layer}.sa_layer_norm": (HIDDEN, None), f"{layer}.output_layer_norm": (HIDDEN, None)})
    return drawn(modules, {"embeddings.word_embeddings": VOCABULARY, "embeddings.position_embeddings": positions})


def head(dense_too):
    shapes = {"head.output.weight": (CLASSES, HIDDEN), "head.output.bias": (CLASSES,)}
    if dense_too:
        shapes.update({"head.dense.weight": (HIDDEN, HIDDEN), "head.dense.bias": (HIDDEN,)})
    tensors = {name: torch.zeros(shape, dtype=torch.float64) for name, shape in shapes.items()}
    fill(tensors)
    return tensors


def save(folder, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def case(name, config, weights, forward, new_head, saved):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save(folder, saved)
    pad, length = config.get("pad_token_id", 0), max(map(len, TEXTS))
    ids = torch.tensor([text + [pad] * (length - len(text)) for text in TEXTS])
    sentences = torch.tensor([of + [0] * (length - len(of)) for of in SENTENCES])

    p = {name: tensor.double().requires_grad_() for name, tensor in {**weights, **new_head}.items()}
    logits = forward(p, ids, sentences)
    backward(logits)
    single = forward({name: tensor.float() for name, tensor in {**weights, **new_head}.items()}, ids, sentences)
    return {
        "vocabulary": VOCABULARY,
        "length": length,
        "pad_id": pad,
        "texts": TEXTS,
        "sentences": SENTENCES,
        "tensors": described(p),
        "logits": logits.flatten().tolist(),
        "logits_float32": single.flatten().tolist(),
        "gradient_norms": gradient_norms(p.items()),
    }


def bert_config(**changes):
    return {
        "architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1, "classifier_dropout": None, "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1, "hidden_size": HIDDEN, "initializer_range": 0.02, "intermediate_size": INTERMEDIATE,
        "layer_norm_eps": 1e-12, "max_position_embeddings": 10, "model_type": "bert", "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "pad_token_id": 0, "position_embedding_type": "absolute", "type_vocab_size": 2,
        "vocab_size": VOCABULARY, **changes,
    }


def old_name(name):
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


def main():
    torch.manual_seed(1)
    cases = {}

    # As the first BERTs are: a prefix, gamma and beta, the head that trained it, positions as numbers.
    weights = bert_weights(positions=10, types=2, pooler=True)
    saved = {"bert.embeddings.position_ids": torch.arange(10)[None], "cls.predictions.bias": torch.zeros(VOCABULARY)}
    saved.update({f"bert.{old_name(name)}": tensor for name, tensor in weights.items()})
    cases["bert"] = case("bert", bert_config(), weights, bert(1e-12, gelu), head(False), saved)

    # As MiniLMs are: without a prefix, in half precision; here with the other GELU.
    weights = {name: tensor.half() for name, tensor in bert_weights(positions=10, types=2, pooler=True).items()}
    config = bert_config(architectures=["BertModel"], hidden_act="gelu_new", layer_norm_eps=1e-6)
    cases["minilm"] = case("minilm", config, weights, bert(1e-6, tanh_gelu), head(False), weights)

    weights = bert_weights(positions=10, types=1, pooler=False)
    saved = {f"roberta.{name}": tensor for name, tensor in weights.items()}
    saved.update({"lm_head.bias": torch.zeros(VOCABULARY), "roberta.pooler.dense.bias": torch.zeros(HIDDEN)})
    config = bert_config(architectures=["RobertaForMaskedLM"], model_type="roberta", pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5)
    cases["roberta"] = case("roberta", config, weights, roberta, head(True), saved)

    weights = distilbert_weights(positions=10)
    saved = {f"distilbert.{name}": tensor for name, tensor in weights.items()}
    saved.update({"vocab_transform.bias": torch.zeros(HIDDEN), "vocab_layer_norm.weight": torch.ones(HIDDEN)})
    config = {
        "activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1, "dim": HIDDEN, "dropout": 0.1,
        "hidden_dim": INTERMEDIATE, "initializer_range": 0.02, "max_position_embeddings": 10, "model_type": "distilbert", "n_heads": HEADS,
        "n_layers": LAYERS, "pad_token_id": 0, "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False,
        "vocab_size": VOCABULARY,
    }
    cases["distilbert"] = case("distilbert", config, weights, distilbert, head(True), saved)

    write(__file__, cases)


main()
