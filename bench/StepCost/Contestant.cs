using System.Diagnostics;
using Microsoft.ML.SharpnessAware;

namespace StepCost;

/// <summary>A network that takes steps by one rule, and the time of each.</summary>
sealed class Contestant : IDisposable
{
    readonly nn.Module<Tensor, Tensor> _network;
    readonly SamTrainStep _step;
    readonly List<double> _milliseconds = [];

    public Contestant(SharpnessRule rule, ImageNetwork network, ImageShape shape)
    {
        Rule = rule;
        _network = ChannelsLast.Arrange(network.Build(shape, classes: 10));
        _network.train();
        _step = new SamTrainStep(_network, rule, new Sgd());
    }

    public SharpnessRule Rule { get; }

    public IReadOnlyList<double> Milliseconds => _milliseconds;

    public void Step(Tensor images, Tensor labels, bool counts)
    {
        var watch = Stopwatch.StartNew();
        _step.Run(new SameBatch(images, labels), new StepMoment { Seed = _milliseconds.Count });
        if (counts)
            _milliseconds.Add(watch.Elapsed.TotalMilliseconds);
    }

    public void Dispose()
    {
        _step.Dispose();
        _network.Dispose();
    }
}
