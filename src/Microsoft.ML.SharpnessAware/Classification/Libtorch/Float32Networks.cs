namespace Microsoft.ML.SharpnessAware;

/// <summary>Networks of float32, also where the application has set another default for libtorch's numbers.</summary>
internal static class Float32Networks
{
    static readonly Lock _lock = new();

    /// <summary>Builds a network while float32 is the default, which the whole process has in common.</summary>
    public static nn.Module<Tensor, Tensor> Build(Func<nn.Module<Tensor, Tensor>> build)
    {
        lock (_lock)
        {
            var chosen = get_default_dtype();
            set_default_dtype(ScalarType.Float32);
            try
            {
                return build();
            }
            finally
            {
                set_default_dtype(chosen);
            }
        }
    }
}
