"""The one form of what PyTorch computes for a network, as the scripts beside this file write it (with PyTorch 1.13, in float64).

tensors          name and shape of each float tensor of the state, in alphabetical order
logits           in eval mode, row after row
trained_logits   in training mode, where batch norms make it another
gradient_norms   of each parameter, of the mean cross entropy with the labels 0, 1, 2 ...; in training mode, where there are trained_logits

With them stands what goes into the network.
"""
import json
from math import sqrt
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy


def noise(shape, k):
    """Numbers from -1 to 1 without a pattern, the same in any program: 40503 (i + 1009 k)^2 mod 65537, scaled."""
    x = torch.arange(torch.Size(shape).numel()) + 1009 * k
    return ((x * x % 65537 * 40503 % 65537).double() / 32768 - 1).view(shape)


def fill(tensors):
    """Writes noise to the tensors, k being the number of each in alphabetical order, from 1.

    It is scaled by sqrt(3 / fan-in) in tensors of two and more dimensions, else by 0.1; 1 is added to the weights of norm layers and to running variances.
    """
    with torch.no_grad():
        for k, name in enumerate(sorted(tensors), 1):
            value = tensors[name]
            value.copy_(noise(value.shape, k) * (sqrt(3 / (value.numel() // len(value))) if value.dim() > 1 else 0.1))
            if name.endswith("running_var") or (value.dim() == 1 and name.endswith("weight")):
                value.add_(1)


def described(tensors):
    return [f"{name} [{', '.join(map(str, tensors[name].shape))}]" for name in sorted(tensors)]


def backward(logits):
    cross_entropy(logits, torch.arange(len(logits))).backward()


def gradient_norms(parameters):
    return {name: parameter.grad.norm().item() for name, parameter in sorted(parameters)}


def write(script, cases):
    Path(script).with_suffix(".json").write_text(json.dumps(cases, indent=1) + "\n")
