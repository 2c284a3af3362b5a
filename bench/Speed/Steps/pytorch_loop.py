"""The steps of a PyTorch program. Usage: pytorch_loop.py WORKLOAD THREADS DEVICE; then lines "METHOD STEPS", each answered by that many milliseconds."""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

CLASSES, WORDS, TOKENS, MLP_LAYERS, MLP_WIDTH = 10, 30522, 64, 40, 64


class Block(nn.Module):
    def __init__(self, before, after, projects):
        super().__init__()
        stride = 1 if before == after else 2
        self.main = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after))
        self.projection = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)) if stride == 2 and projects else None
        self.new_channels = after - before

    def forward(self, x):
        if self.projection is not None:
            shortcut = self.projection(x)
        elif self.new_channels == 0:
            shortcut = x
        else:
            shortcut = F.pad(x[:, :, ::2, ::2], [0, 0, 0, 0, 0, self.new_channels])
        return F.relu(self.main(x) + shortcut)


def stages(widths, blocks, projects):
    before = widths[0]
    for width in widths:
        for _ in range(blocks):
            yield Block(before, width, projects)
            before = width


def resnet20():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *stages([16, 32, 64], 3, False),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def resnet18(imagenet_stem):
    stem = ([nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)] if imagenet_stem
            else [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()])
    return nn.Sequential(*stem, *stages([64, 128, 256, 512], 2, True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES))


class Layer(nn.Module):
    def __init__(self, width, heads, feed_forward):
        super().__init__()
        self.heads = heads
        self.attention_norm, self.feed_forward_norm, self.dropout = nn.LayerNorm(width), nn.LayerNorm(width), nn.Dropout(0.1)
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.feed_forward = nn.Sequential(nn.Linear(width, feed_forward), nn.GELU(), nn.Linear(feed_forward, width), nn.Dropout(0.1))

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, padding):
        normed = self.attention_norm(x)
        query, key, value = self.split(self.query(normed)), self.split(self.key(normed)), self.split(self.value(normed))
        scores = query @ key.transpose(-2, -1) / math.sqrt(x.shape[2] / self.heads)
        weights = self.dropout(F.softmax(scores.masked_fill(padding[:, None, None, :], -math.inf), -1))
        x = x + self.dropout(self.attended((weights @ value).transpose(1, 2).reshape(x.shape)))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.Module):
    def __init__(self, layers, width, heads, feed_forward):
        super().__init__()
        self.words, self.positions, self.segments = nn.Embedding(WORDS, width, padding_idx=0), nn.Embedding(TOKENS, width), nn.Embedding(2, width)
        self.first_norm, self.last_norm, self.dropout = nn.LayerNorm(width), nn.LayerNorm(width), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(width, heads, feed_forward) for _ in range(layers))
        self.output = nn.Linear(width, CLASSES)

    def forward(self, texts):
        ids, sentences = texts[:, 0], texts[:, 1]
        padding = ids == 0
        x = self.dropout(self.first_norm(self.words(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device)) + self.segments(sentences)))
        for layer in self.layers:
            x = layer(x, padding)
        present = (~padding).unsqueeze(-1).to(x.dtype)
        return self.output(self.dropout((self.last_norm(x) * present).sum(1) / present.sum(1)))


def mlp():
    hidden = [module for _ in range(MLP_LAYERS - 1) for module in (nn.Linear(MLP_WIDTH, MLP_WIDTH), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(MLP_WIDTH, CLASSES))


def sentences(batch):
    words = torch.randint(1, WORDS, (batch, 1, TOKENS))
    return torch.cat([words, torch.zeros_like(words)], dim=1)


WORKLOADS = {
    "resnet20-32": (resnet20, lambda: torch.randn(128, 3, 32, 32)),
    "resnet20-8": (resnet20, lambda: torch.randn(4, 3, 8, 8)),
    "resnet18-32-512": (lambda: resnet18(False), lambda: torch.randn(512, 3, 32, 32)),
    "resnet18-32": (lambda: resnet18(False), lambda: torch.randn(32, 3, 32, 32)),
    "resnet18-224": (lambda: resnet18(True), lambda: torch.randn(8, 3, 224, 224)),
    "transformer-256": (lambda: Transformer(4, 256, 4, 1024), lambda: sentences(32)),
    "minilm": (lambda: Transformer(6, 384, 12, 1536), lambda: sentences(16)),
    "mlp-40": (mlp, lambda: torch.randn(32, MLP_WIDTH)),
}


class Stepper:
    def __init__(self, workload, method, device):
        make_network, make_inputs = WORKLOADS[workload]
        self.method = method
        self.network = make_network().train().to(device)
        self.parameters = list(self.network.parameters())
        self.optimizer = (torch.optim.SGD(self.parameters, 0.01, momentum=0.9, weight_decay=5e-4) if workload.startswith(("resnet", "mlp"))
                          else torch.optim.AdamW(self.parameters, 1e-3))
        self.inputs = make_inputs().to(device)
        self.labels = torch.randint(0, CLASSES, (len(self.inputs),), device=device)
        self.means = [None] * len(self.parameters)

    def step(self):
        loss = self.backward()
        if self.method != "plain":
            old = self.perturb()
            self.backward()
            with torch.no_grad():
                for parameter, value in zip(self.parameters, old):
                    parameter.copy_(value)
        self.optimizer.step()
        loss.item()

    def backward(self):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.network(self.inputs), self.labels)
        loss.backward()
        return loss

    @torch.no_grad()
    def perturb(self):
        rho, directions, measured = getattr(self, self.method)()
        scale = rho / (torch.stack([tensor.norm() for tensor in measured]).norm() + 1e-12)
        old = [parameter.clone() for parameter in self.parameters]
        for parameter, direction in zip(self.parameters, directions):
            parameter.add_(direction * scale)
        return old

    def sam(self):
        gradients = [parameter.grad for parameter in self.parameters]
        return 0.05, gradients, gradients

    def asam(self):
        scales = [parameter.abs() + 0.01 for parameter in self.parameters]
        scaled = [parameter.grad * scale for parameter, scale in zip(self.parameters, scales)]
        return 0.5, [gradient * scale for gradient, scale in zip(scaled, scales)], scaled

    def friendlysam(self):
        noise = []
        for i, parameter in enumerate(self.parameters):
            mean = self.means[i]
            self.means[i] = parameter.grad.clone() if mean is None else mean * 0.9 + parameter.grad * 0.1
            noise.append(parameter.grad - self.means[i])
        return 0.05, noise, noise


def main():
    workload, threads, device = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(threads)
    print("PyTorch", torch.__version__, flush=True)
    steppers = {}
    for line in sys.stdin:
        method, steps = line.split()
        if method not in steppers:
            steppers.clear()
            steppers[method] = Stepper(workload, method, device)
        stepper = steppers[method]
        times = []
        for _ in range(int(steps)):
            begin = time.perf_counter()
            stepper.step()
            times.append((time.perf_counter() - begin) * 1e3)
        print(*times, flush=True)


main()
