using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>The library's own step.</summary>
sealed class LibraryStepper : IStepper
{
    readonly nn.Module<Tensor, Tensor> _network;
    readonly Tensor _inputs;
    readonly Tensor _labels;
    readonly SamTrainStep _step;
    int _taken;

    /// <param name="workload">What is trained.</param>
    /// <param name="rule">By which rule.</param>
    /// <param name="precision">What passes compute in.</param>
    /// <param name="device">The device, such as "cpu".</param>
    public LibraryStepper(Workload workload, SharpnessRule rule, Precision precision = Precision.Float32, string device = "cpu")
    {
        _network = workload.OurNetwork().to(device);
        _network.train();
        using var inputs = workload.MakeInputs().to(device);
        _inputs = inputs.dim() == 4 ? ChannelsLast.Of(inputs) : inputs.alias();
        _labels = workload.MakeLabels(inputs.shape[0]).to(device);
        _step = new SamTrainStep(_network, rule, workload.UsesAdamW ? new AdamW() : new Sgd(), twin: precision == Precision.BFloat16 ? workload.OurNetwork().to(device) : null);
    }

    public void Step() => _step.Run(new SameBatch(_inputs, _labels), new StepMoment { Seed = _taken++ });

    public void Dispose()
    {
        _step.Dispose();
        _network.Dispose();
        _inputs.Dispose();
        _labels.Dispose();
    }
}
