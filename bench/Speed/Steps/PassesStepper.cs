using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>The forward and backward passes of a step through the library's network, and nothing else: what no step can do without.</summary>
sealed class PassesStepper : IStepper
{
    readonly nn.Module<Tensor, Tensor> _network;
    readonly Tensor _inputs;
    readonly Tensor _labels;
    readonly int _passes;

    public PassesStepper(Workload workload, int passes, string device)
    {
        _network = workload.OurNetwork().to(device);
        _network.train();
        using var inputs = workload.MakeInputs().to(device);
        _inputs = inputs.dim() == 4 ? ChannelsLast.Of(inputs) : inputs.alias();
        _labels = workload.MakeLabels(inputs.shape[0]).to(device);
        _passes = passes;
    }

    public void Step()
    {
        for (var pass = 0; pass < _passes; pass++)
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.cross_entropy(_network.call(_inputs), _labels);
            _network.zero_grad();
            loss.backward();
            loss.item<float>();
        }
    }

    public void Dispose()
    {
        _network.Dispose();
        _inputs.Dispose();
        _labels.Dispose();
    }
}
