using TorchSharp.Modules;

namespace Speed.Steps;

/// <summary>A step as a TorchSharp program has it: torch.optim, a dispose scope, and SAM as public implementations write it, parameter by parameter.</summary>
sealed class PlainStepper : IStepper
{
    readonly nn.Module<Tensor, Tensor> _network;
    readonly Parameter[] _parameters;
    readonly optim.Optimizer _optimizer;
    readonly Tensor _inputs;
    readonly Tensor _labels;
    readonly Func<Perturbation>? _newPerturbation;
    readonly Tensor?[] _means;

    public PlainStepper(Workload workload, string method, string device)
    {
        _network = workload.PlainNetwork!().to(device);
        _network.train();
        _parameters = [.. _network.parameters()];
        _means = new Tensor?[_parameters.Length];
        _optimizer = workload.UsesAdamW ? optim.AdamW(_parameters, lr: 1e-3) : optim.SGD(_parameters, 0.01, momentum: 0.9, weight_decay: 5e-4);
        _inputs = workload.MakeInputs().to(device);
        _labels = workload.MakeLabels(_inputs.shape[0]).to(device);
        _newPerturbation = method switch
        {
            "plain" => null,
            "sam" => () => Sam(0.05),
            "asam" => () => Asam(0.5),
            "friendlysam" => () => FriendlySam(0.05),
            _ => throw new ArgumentException($"There is no plain loop for '{method}'."),
        };
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        var loss = Backward();
        if (_newPerturbation is not null)
        {
            var old = Perturb(_newPerturbation());
            Backward();
            Restore(old);
        }
        _optimizer.step();
        loss.item<float>();
    }

    public void Dispose()
    {
        foreach (var mean in _means)
            mean?.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
        _inputs.Dispose();
        _labels.Dispose();
    }

    Tensor Backward()
    {
        _optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(_network.call(_inputs), _labels);
        loss.backward();
        return loss;
    }

    Tensor[] Perturb(Perturbation perturbation)
    {
        using var noGrad = no_grad();
        var scale = perturbation.Rho / (Norm(perturbation.Measured) + 1e-12);
        var old = new Tensor[_parameters.Length];
        for (var i = 0; i < _parameters.Length; i++)
        {
            old[i] = _parameters[i].clone();
            _parameters[i].add_(perturbation.Directions[i] * scale);
        }
        return old;
    }

    void Restore(Tensor[] old)
    {
        using var noGrad = no_grad();
        for (var i = 0; i < _parameters.Length; i++)
            _parameters[i].copy_(old[i]);
    }

    Perturbation Sam(double rho)
    {
        Tensor[] gradients = [.. _parameters.Select(p => p.grad!)];
        return new(rho, gradients, gradients);
    }

    Perturbation Asam(double rho)
    {
        using var noGrad = no_grad();
        Tensor[] scales = [.. _parameters.Select(p => p.abs() + 0.01)];
        Tensor[] scaled = [.. _parameters.Zip(scales, (p, scale) => p.grad! * scale)];
        return new(rho, [.. scaled.Zip(scales, (g, scale) => g * scale)], scaled);
    }

    Perturbation FriendlySam(double rho)
    {
        using var noGrad = no_grad();
        var noise = new Tensor[_parameters.Length];
        for (var i = 0; i < noise.Length; i++)
        {
            var gradient = _parameters[i].grad!;
            var mean = _means[i];
            _means[i] = (mean is null ? gradient.clone() : mean * 0.9 + gradient * 0.1).DetachFromDisposeScope();
            noise[i] = gradient - _means[i]!;
            mean?.Dispose();
        }
        return new(rho, noise, noise);
    }

    static Tensor Norm(Tensor[] tensors) => stack([.. tensors.Select(t => t.norm())]).norm();

    /// <summary>What is added to each parameter, scaled so that what is measured has the norm ρ.</summary>
    sealed record Perturbation(double Rho, Tensor[] Directions, Tensor[] Measured);
}
