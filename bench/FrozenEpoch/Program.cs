using System.Diagnostics;
using System.Globalization;
using FrozenEpoch;
using Microsoft.ML.SharpnessAware;

// What an epoch costs in which the last layer alone is trained, against passes over the same rows.
const int Rows = 512;
const int BatchSize = 32;
const int Epochs = 12;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
set_num_threads(Environment.ProcessorCount);
Console.WriteLine("| network | rule | frozen epoch, ms | over a forward pass of the network | over a forward pass of the last layer | over its forward and backward passes alone |\n| --- | --- | --- | --- | --- | --- |");
foreach (var (network, size) in new (ImageNetwork, int)[] { (new ResNet18(), 64), (new ViTTiny(), 64) })
    foreach (var rule in new SharpnessRule[] { new Plain(), new Sam() })
        Measure(network, size, rule);

static void Measure(ImageNetwork network, int size, SharpnessRule rule)
{
    using var images = ChannelsLast.Of(randn(Rows, 3, size, size));
    using var labels = randint(0, 10, [Rows], dtype: ScalarType.Int64);
    var examples = new Images(images, labels);
    using var module = ChannelsLast.Arrange(network.Build(new ImageShape(3, size, size), classes: 10));
    var lastLayer = network is ViTTiny ? "head" : "fc";

    // The first epoch computes the features.
    var epochs = new List<double>();
    var watch = Stopwatch.StartNew();
    new Trainer(module, new TrainingPlan
    {
        Sharpness = rule,
        Optimizer = new Sgd(),
        Schedule = new ConstantSchedule(),
        Epochs = Epochs,
        BatchSize = BatchSize,
        Seeds = new Seeds(1),
        Device = CPU,
        Frozen = new FrozenStart(Epochs, lastLayer),
        MetricsCallback = _ =>
        {
            epochs.Add(watch.Elapsed.TotalMilliseconds);
            watch.Restart();
        },
    }).Run(examples, validation: null);

    using var tap = new FeatureTap(module, lastLayer);
    using var features = FeaturesOf(tap, images.narrow(0, 0, BatchSize));
    var head = (nn.Module<Tensor, Tensor>)module.named_modules().Single(layer => layer.name == lastLayer).module;
    var frozen = Median(epochs.Skip(1));
    var forward = Median(Passes(3, () => Forward(module, images.narrow(0, 0, BatchSize))));
    var headForward = Median(Passes(Epochs, () => Forward(head, features)));
    var headBackward = Median(Passes(Epochs, () => Backward(head, features, labels.narrow(0, 0, BatchSize)))) * (rule is Sam ? 2 : 1);
    Console.WriteLine($"| {network}, {size}×{size} | {rule.GetType().Name} | {frozen:0.0} | {frozen / forward:0.000} | {frozen / headForward:0.0} | {frozen / headBackward:0.00} |");
}

static Tensor FeaturesOf(FeatureTap tap, Tensor images)
{
    using var scope = NewDisposeScope();
    using var noGradients = no_grad();
    return tap.Forward(images).Features.MoveToOuterDisposeScope();
}

static void Forward(nn.Module<Tensor, Tensor> network, Tensor inputs)
{
    using var scope = NewDisposeScope();
    using var noGradients = no_grad();
    network.call(inputs);
}

static void Backward(nn.Module<Tensor, Tensor> network, Tensor inputs, Tensor labels)
{
    using var scope = NewDisposeScope();
    nn.functional.cross_entropy(network.call(inputs), labels).backward();
}

// As many as the rows have batches.
static IEnumerable<double> Passes(int times, Action pass)
{
    for (var time = 0; time < times; time++)
    {
        var watch = Stopwatch.StartNew();
        for (var batch = 0; batch < Rows / BatchSize; batch++)
            pass();
        yield return watch.Elapsed.TotalMilliseconds;
    }
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return sorted[sorted.Length / 2];
}
