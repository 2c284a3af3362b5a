namespace Microsoft.ML.SharpnessAware;

/// <summary>Weights in half the bytes.</summary>
internal static class HalfPrecision
{
    const double Largest = 65504;

    /// <summary>The tensors, matrices and kernels of float32 as float16, in the caller's scope. The rest is small, and stays as it is; so does what float16 cannot hold.</summary>
    public static Dictionary<string, Tensor> Of(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGradients = no_grad();
        return tensors.ToDictionary(tensor => tensor.Key, tensor => Fits(tensor.Value) ? tensor.Value.detach().to(ScalarType.Float16) : tensor.Value);
    }

    static bool Fits(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.dtype == ScalarType.Float32 && tensor.dim() > 1 && tensor.detach().abs().max().ToDouble() <= Largest;
    }
}
