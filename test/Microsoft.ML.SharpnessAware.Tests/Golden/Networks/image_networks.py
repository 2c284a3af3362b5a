"""Writes image_networks.json: what PyTorch computes for the image networks.

    python3 image_networks.py

Images are noise with k = 0. Nothing is dropped out, no branch is shaken.
"""
import torch
from torch import nn
from torch.nn import functional as F

from pytorch_golden import backward, described, fill, gradient_norms, noise, write


def conv(width_in, width, size, stride=1, groups=1):
    return nn.Conv2d(width_in, width, size, stride, size // 2, groups=groups, bias=False)


class Basic(nn.Module):
    def __init__(self, width_in, inner, width, stride, groups):
        super().__init__()
        self.conv1, self.bn1 = conv(width_in, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3), nn.BatchNorm2d(width)
        if stride != 1 or width_in != width:
            self.downsample = nn.Sequential(conv(width_in, width, 1, stride), nn.BatchNorm2d(width))

    def forward(self, x):
        inner = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(inner + (self.downsample(x) if hasattr(self, "downsample") else x))


class ZeroPadBasic(Basic):
    """The shortcut of He et al.'s option A: every second pixel, and zeros for the new channels."""

    def __init__(self, width_in, inner, width, stride, groups):
        super().__init__(width_in, inner, width, stride, groups)
        self.stride, self.new = stride, width - width_in
        if self.new:
            del self.downsample

    def forward(self, x):
        inner = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(inner + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new)))


class Bottleneck(nn.Module):
    def __init__(self, width_in, inner, width, stride, groups):
        super().__init__()
        self.conv1, self.bn1 = conv(width_in, inner, 1), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = conv(inner, inner, 3, stride, groups), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = conv(inner, width, 1), nn.BatchNorm2d(width)
        if stride != 1 or width_in != width:
            self.downsample = nn.Sequential(conv(width_in, width, 1, stride), nn.BatchNorm2d(width))

    def forward(self, x):
        inner = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(inner)) + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet(nn.Module):
    """stages: (blocks, inner width, width) of each; the first does not halve."""

    def __init__(self, block, stages, classes, imagenet, groups=1, channels=3, width_in=64):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width_in, 7, 2, 3, bias=False) if imagenet else conv(channels, width_in, 3)
        self.bn1 = nn.BatchNorm2d(width_in)
        self.imagenet, self.stages = imagenet, len(stages)
        for number, (blocks, inner, width) in enumerate(stages, 1):
            layers = []
            for i in range(blocks):
                layers.append(block(width_in, inner, width, 2 if i == 0 and number > 1 else 1, groups))
                width_in = width
            setattr(self, f"layer{number}", nn.Sequential(*layers))
        self.fc = nn.Linear(width_in, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.imagenet:
            x = F.max_pool2d(x, 3, 2, 1)
        for number in range(1, self.stages + 1):
            x = getattr(self, f"layer{number}")(x)
        return self.fc(x.mean((2, 3)))


def basic(blocks):
    return [(n, w, w) for n, w in zip(blocks, (64, 128, 256, 512))]


def bottlenecks(blocks):
    return [(n, w, 4 * w) for n, w in zip(blocks, (64, 128, 256, 512))]


def cifar(depth, channels, classes):
    return ResNet(ZeroPadBasic, [((depth - 2) // 6, width, width) for width in (16, 32, 64)], classes, False, channels=channels, width_in=16)


def resnext(depth, cardinality, width):
    return ResNet(Bottleneck, [((depth - 2) // 9, cardinality * width << i, 256 << i) for i in range(3)], 4, False, cardinality)


class WideBlock(nn.Module):
    def __init__(self, width_in, width, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(width_in), conv(width_in, width, 3, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(width), conv(width, width, 3)
        if width_in != width:
            self.convShortcut = conv(width_in, width, 1, stride)

    def forward(self, x):
        active = F.relu(self.bn1(x))
        shortcut = self.convShortcut(active) if hasattr(self, "convShortcut") else x
        return shortcut + self.conv2(F.relu(self.bn2(self.conv1(active))))


class WideGroup(nn.Module):
    def __init__(self, blocks, width_in, width, stride):
        super().__init__()
        self.layer = nn.Sequential(*[WideBlock(width_in if i == 0 else width, width, stride if i == 0 else 1) for i in range(blocks)])

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, depth, widen, classes):
        super().__init__()
        blocks = (depth - 4) // 6
        self.conv1 = conv(3, 16, 3)
        self.block1 = WideGroup(blocks, 16, 16 * widen, 1)
        self.block2 = WideGroup(blocks, 16 * widen, 32 * widen, 2)
        self.block3 = WideGroup(blocks, 32 * widen, 64 * widen, 2)
        self.bn1 = nn.BatchNorm2d(64 * widen)
        self.fc = nn.Linear(64 * widen, classes)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(self.conv1(x))))
        return self.fc(F.relu(self.bn1(x)).mean((2, 3)))


class PyramidBlock(nn.Module):
    def __init__(self, width_in, inner, stride, survival):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(width_in), conv(width_in, inner, 1)
        self.bn2, self.conv2 = nn.BatchNorm2d(inner), conv(inner, inner, 3, stride)
        self.bn3, self.conv3 = nn.BatchNorm2d(inner), conv(inner, 4 * inner, 1)
        self.bn4 = nn.BatchNorm2d(4 * inner)
        self.stride, self.new, self.survival = stride, 4 * inner - width_in, survival

    def forward(self, x):
        y = self.conv1(self.bn1(x))
        y = self.conv2(F.relu(self.bn2(y)))
        y = self.bn4(self.conv3(F.relu(self.bn3(y))))
        shortcut = F.avg_pool2d(x, 2, 2, ceil_mode=True) if self.stride == 2 else x
        return self.survival * y + F.pad(shortcut, (0, 0, 0, 0, 0, self.new))


class PyramidNet(nn.Module):
    def __init__(self, depth, alpha, final_survival, classes):
        super().__init__()
        blocks = (depth - 2) // 9
        total, width_in, width, number = 3 * blocks, 16, 16.0, 0
        self.conv1, self.bn1 = conv(3, 16, 3), nn.BatchNorm2d(16)
        for stage in (1, 2, 3):
            layers = []
            for i in range(blocks):
                number += 1
                width += alpha / total
                inner = int(round(width))
                layers.append(PyramidBlock(width_in, inner, 2 if stage > 1 and i == 0 else 1, 1 - (1 - final_survival) * number / total))
                width_in = 4 * inner
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
        self.bn_final, self.fc = nn.BatchNorm2d(width_in), nn.Linear(width_in, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.bn1(self.conv1(x)))))
        return self.fc(F.relu(self.bn_final(x)).mean((2, 3)))


class Vgg(nn.Module):
    def __init__(self, stages, classes, imagenet):
        super().__init__()
        layers, width_in = [], 3
        for convolutions, width in zip(stages, (64, 128, 256, 512, 512)):
            for _ in range(convolutions):
                layers += [nn.Conv2d(width_in, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
                width_in = width
            layers.append(nn.MaxPool2d(2, 2))
        self.features, self.imagenet = nn.Sequential(*layers), imagenet
        self.classifier = nn.Linear(512, classes)
        if imagenet:
            self.classifier = nn.Sequential(
                nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0), nn.Linear(4096, classes))

    def forward(self, x):
        return self.classifier(F.adaptive_avg_pool2d(self.features(x), 7 if self.imagenet else 1).flatten(1))


class DenseLayer(nn.Module):
    def __init__(self, width_in):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(width_in), conv(width_in, 128, 1)
        self.norm2, self.conv2 = nn.BatchNorm2d(128), conv(128, 32, 3)

    def forward(self, x):
        return torch.cat([x, self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))], 1)


class DenseNet121(nn.Module):
    def __init__(self, classes):
        super().__init__()
        f = nn.Sequential()
        f.add_module("conv0", nn.Conv2d(3, 64, 7, 2, 3, bias=False))
        f.add_module("norm0", nn.BatchNorm2d(64))
        f.add_module("relu0", nn.ReLU())
        f.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        width = 64
        for number, layers in enumerate((6, 12, 24, 16), 1):
            block = nn.Sequential()
            for i in range(layers):
                block.add_module(f"denselayer{i + 1}", DenseLayer(width))
                width += 32
            f.add_module(f"denseblock{number}", block)
            if number < 4:
                transition = nn.Sequential()
                transition.add_module("norm", nn.BatchNorm2d(width))
                transition.add_module("relu", nn.ReLU())
                transition.add_module("conv", conv(width, width // 2, 1))
                transition.add_module("pool", nn.AvgPool2d(2, 2))
                f.add_module(f"transition{number}", transition)
                width //= 2
        f.add_module("norm5", nn.BatchNorm2d(width))
        self.features, self.classifier = f, nn.Linear(width, classes)

    def forward(self, x):
        return self.classifier(F.relu(self.features(x)).mean((2, 3)))


def conv_norm(width_in, width, size, stride=1, groups=1):
    return nn.Sequential(conv(width_in, width, size, stride, groups), nn.BatchNorm2d(width), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, width_in, width, stride, expansion):
        super().__init__()
        inner = width_in * expansion
        layers = [conv_norm(width_in, inner, 1)] if expansion > 1 else []
        self.conv = nn.Sequential(*layers, conv_norm(inner, inner, 3, stride, inner), conv(inner, width, 1), nn.BatchNorm2d(width))
        self.shortcut = stride == 1 and width_in == width

    def forward(self, x):
        return x + self.conv(x) if self.shortcut else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers, width_in = [conv_norm(3, 32, 3, 2)], 32
        for expansion, width, blocks, stride in (
                (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            for i in range(blocks):
                layers.append(InvertedResidual(width_in, width, stride if i == 0 else 1, expansion))
                width_in = width
        self.features = nn.Sequential(*layers, conv_norm(320, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0), nn.Linear(1280, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.qkv, self.proj, self.heads = nn.Linear(width, 3 * width), nn.Linear(width, width), heads

    def forward(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(x).reshape(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        looks = (q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5).softmax(-1)
        return self.proj((looks @ v).transpose(1, 2).reshape(n, length, width))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class ViTBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, 1e-6), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width, 1e-6), Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class ViT(nn.Module):
    def __init__(self, width, heads, patch, size, classes):
        super().__init__()
        patches = (size[0] // patch) * (size[1] // patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, patches + 1, width))
        self.patch_embed = PatchEmbed(width, patch)
        self.blocks = nn.Sequential(*[ViTBlock(width, heads) for _ in range(12)])
        self.norm, self.head = nn.LayerNorm(width, 1e-6), nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def run(network, shape, trained=True):
    network.double()
    tensors = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
    fill(tensors)
    x = noise(shape, 0)
    case = {"input": list(shape), "tensors": described(tensors), "logits": network.eval()(x).flatten().tolist()}
    if trained:
        for module in network.modules():
            if hasattr(module, "survival"):
                module.survival = 1
        logits = network.train()(x)
        backward(logits)
        case["trained_logits"] = logits.flatten().tolist()
        case["gradient_norms"] = gradient_norms(network.named_parameters())
    return case


def main():
    torch.manual_seed(0)
    cases = {
        "CifarResNet { Depth = 8 }": run(cifar(8, 3, 4), (2, 3, 9, 12)),
        "CifarResNet { Depth = 20 }": run(cifar(20, 1, 3), (3, 1, 16, 16)),
        "ResNet18 { Stem = SmallImage }": run(ResNet(Basic, basic((2, 2, 2, 2)), 5, False), (2, 3, 17, 16)),
        "ResNet18 { Stem = ImageNet }": run(ResNet(Basic, basic((2, 2, 2, 2)), 4, True, channels=1), (2, 1, 65, 64)),
        "ResNet34 { Stem = SmallImage }": run(ResNet(Basic, basic((3, 4, 6, 3)), 5, False), (2, 3, 16, 17), trained=False),
        "ResNet50 { Stem = ImageNet }": run(ResNet(Bottleneck, bottlenecks((3, 4, 6, 3)), 4, True), (2, 3, 65, 64)),
        "ResNet101 { Stem = SmallImage }": run(ResNet(Bottleneck, bottlenecks((3, 4, 23, 3)), 3, False), (2, 3, 9, 8), trained=False),
        "WideResNet { Depth = 16, Width = 2, Dropout = 0 }": run(WideResNet(16, 2, 4), (2, 3, 11, 16)),
        "ResNeXt29 { Cardinality = 32, Width = 4 }": run(resnext(29, 32, 4), (2, 3, 9, 12)),
        "PyramidNet { Depth = 20, Alpha = 30, FinalSurvival = 0.5 }": run(PyramidNet(20, 30, 0.5, 4), (2, 3, 11, 16)),
        "PyramidNet { Depth = 110, Alpha = 200, FinalSurvival = 0.5 }": run(PyramidNet(110, 200, 0.5, 3), (2, 3, 8, 8), trained=False),
        "Vgg16BN { Classifier = SmallImage, Dropout = 0.5 }": run(Vgg((2, 2, 3, 3, 3), 4, False), (2, 3, 32, 65), trained=False),
        "Vgg19BN { Classifier = SmallImage, Dropout = 0.5 }": run(Vgg((2, 2, 4, 4, 4), 4, False), (2, 3, 33, 64), trained=False),
        "DenseNet121 { }": run(DenseNet121(4), (2, 3, 65, 64)),
        "MobileNetV2 { Dropout = 0 }": run(MobileNetV2(4), (2, 3, 65, 64)),
        "ViTTiny { PatchSize = 16 }": run(ViT(192, 3, 16, (32, 48), 4), (2, 3, 32, 48)),
        "ViTSmall { PatchSize = 4 }": run(ViT(384, 6, 4, (8, 8), 3), (2, 3, 8, 8), trained=False),
    }
    write(__file__, cases)


if __name__ == "__main__":
    main()
