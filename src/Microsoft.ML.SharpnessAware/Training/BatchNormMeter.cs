namespace Microsoft.ML.SharpnessAware;

/// <summary>Adds up the statistics of what goes into one batch norm, which is in training mode meanwhile.</summary>
internal sealed class BatchNormMeter : IDisposable
{
    readonly nn.Module<Tensor, Tensor> _norm;
    readonly Action _removeHook;
    Tensor? _means;
    Tensor? _variances;
    long _rows;

    public BatchNormMeter(nn.Module<Tensor, Tensor> norm)
    {
        _norm = norm;
        norm.train();
        _removeHook = norm.register_forward_pre_hook((_, input) =>
        {
            Add(input);
            return input;
        }).remove;
    }

    /// <summary>Whether a module is a batch norm with running statistics.</summary>
    public static bool Fits(nn.Module module) => module.GetType().Name.StartsWith("BatchNorm", StringComparison.Ordinal) && Statistics(module, "running_mean") is not null;

    /// <summary>Makes the means so far the running statistics.</summary>
    public void Write()
    {
        if (_rows == 0)
            return;
        using var scope = NewDisposeScope();
        Statistics(_norm, "running_mean")!.copy_(_means! / _rows);
        Statistics(_norm, "running_var")!.copy_(_variances! / _rows);
    }

    public void Dispose()
    {
        _removeHook();
        _norm.eval();
        _means?.Dispose();
        _variances?.Dispose();
    }

    // Of each channel, over all else; the variance without bias, as batch norm itself keeps it.
    void Add(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = input.shape[0];
        var values = input.to(ScalarType.Float64).transpose(0, 1).flatten(1);
        Sum(ref _means, values.mean([1]) * rows);
        Sum(ref _variances, values.var(1) * rows);
        _rows += rows;
    }

    static void Sum(ref Tensor? sum, Tensor value)
    {
        if (sum is null)
            sum = value.DetachFromDisposeScope();
        else
            sum.add_(value);
    }

    static Tensor? Statistics(nn.Module module, string name) => module.named_buffers(recurse: false).FirstOrDefault(buffer => buffer.name == name).buffer;
}
