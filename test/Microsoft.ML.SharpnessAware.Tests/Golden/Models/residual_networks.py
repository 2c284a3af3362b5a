"""Writes residual_networks.json: what PyTorch computes for small residual networks in float64.

    python3 residual_networks.py > residual_networks.json        (written with PyTorch 1.13)

Each float tensor of the state dict, in the alphabetical order of the names, is 0.1 sin(k + i) with k the number of the
tensor and i that of the element; 1 is added to the weights of batch norms, and to running variances. Inputs are cos(i).
"""
import json

import torch
from torch import nn
from torch.nn.functional import cross_entropy, pad


class ZeroPad(nn.Module):
    def __init__(self, new_channels):
        super().__init__()
        self.new_channels = new_channels

    def forward(self, x):
        return pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.new_channels))


class Block(nn.Module):
    def __init__(self, width_in, width, option):
        super().__init__()
        stride = 1 if width_in == width else 2
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = nn.Identity()
        if stride == 2 and option == "A":
            self.downsample = ZeroPad(width - width_in)
        if stride == 2 and option == "B":
            self.downsample = nn.Sequential(nn.Conv2d(width_in, width, 1, 2, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        inner = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(inner)) + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, channels, classes, widths, blocks, option, imagenet_stem=False):
        super().__init__()
        first = widths[0]
        self.conv1 = nn.Conv2d(channels, first, 7, 2, 3, bias=False) if imagenet_stem else nn.Conv2d(channels, first, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if imagenet_stem else nn.Identity()
        self.stages = len(widths)
        for number, (width_in, width) in enumerate(zip([first] + widths, widths), 1):
            rest = [Block(width, width, option) for _ in range(blocks - 1)]
            setattr(self, f"layer{number}", nn.Sequential(Block(width_in, width, option), *rest))
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for number in range(1, self.stages + 1):
            x = getattr(self, f"layer{number}")(x)
        return self.fc(x.mean((2, 3)))


def fill(network):
    floats = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
    for k, name in enumerate(sorted(floats)):
        value = floats[name]
        value.copy_(0.1 * torch.sin(k + torch.arange(value.numel(), dtype=torch.float64)).view(value.shape))
        if name.endswith("running_var") or (value.dim() == 1 and name.endswith("weight")):
            value.add_(1)
    return sorted(floats)


def run(network, shape):
    network.double()
    names = fill(network)
    x = torch.cos(torch.arange(torch.Size(shape).numel(), dtype=torch.float64)).view(shape)
    labels = torch.arange(shape[0])
    evaluated = network.eval()(x)
    trained = network.train()(x)
    cross_entropy(trained, labels).backward()
    return {
        "input": list(shape),
        "parameters": sum(p.numel() for p in network.parameters()),
        "names": names,
        "evaluated": evaluated.flatten().tolist(),
        "trained": trained.flatten().tolist(),
        "running_mean": network.bn1.running_mean.tolist(),
        "gradient_norms": {name: p.grad.norm().item() for name, p in sorted(network.named_parameters())},
    }


def main():
    torch.manual_seed(0)
    cases = {
        "CifarResNet { Depth = 8 }": run(ResNet(3, 4, [16, 32, 64], 1, "A"), (2, 3, 9, 12)),
        "CifarResNet { Depth = 20 }": run(ResNet(1, 3, [16, 32, 64], 3, "A"), (3, 1, 16, 16)),
        "ResNet18 { Stem = SmallImage }": run(ResNet(3, 5, [64, 128, 256, 512], 2, "B"), (2, 3, 17, 16)),
        "ResNet18 { Stem = ImageNet }": run(ResNet(1, 4, [64, 128, 256, 512], 2, "B", imagenet_stem=True), (2, 1, 65, 64)),
    }
    print(json.dumps(cases, indent=1))


main()
