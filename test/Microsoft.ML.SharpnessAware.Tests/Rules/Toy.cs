using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A "network" that is only its parameters, with the loss as a closed form of them, in float64.</summary>
sealed class Toy : nn.Module
{
    public Toy(params (string Name, double[] Values)[] parameters)
        : this([.. parameters.Select(p => (p.Name, p.Values, new long[] { p.Values.Length }))]) { }

    public Toy(params (string Name, double[] Values, long[] Shape)[] parameters)
        : base(nameof(Toy))
    {
        foreach (var (name, values, shape) in parameters)
            register_parameter(name, new Parameter(tensor(values, shape, dtype: ScalarType.Float64)));
    }

    public static Toy At(params double[] weights) => new(("weight", weights));

    /// <summary>All parameters, one after the other.</summary>
    public Tensor W => cat(parameters().Select(p => p.reshape(-1)).ToArray());

    public double[] Values
    {
        get
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            return W.data<double>().ToArray();
        }
    }

    /// <summary>½ Σ h w².</summary>
    public Tensor Quadratic(params double[] h) => 0.5 * (tensor(h) * W.square()).sum();

    /// <summary>¼ Σ c w⁴.</summary>
    public Tensor Quartic(params double[] c) => 0.25 * (tensor(c) * W.pow(4)).sum();
}
