namespace Microsoft.ML.SharpnessAware;

/// <summary>Batch norm's running statistics for weights that no step has led to.</summary>
internal static class BatchNormStatistics
{
    /// <summary>
    /// Makes them the means over one pass, shuffled by the seed and not augmented, each batch weighed by its rows. Batch norm sees its own batch, and all
    /// other modules are in eval mode, in which the network ends.
    /// </summary>
    /// <exception cref="OperationCanceledException">The user or the host wants the run to end; the statistics may be anything.</exception>
    public static void Recompute(nn.Module<Tensor, Tensor> network, IExamples examples, TrainingPlan plan)
    {
        using var noGrad = no_grad();
        network.eval();
        BatchNormMeter[] meters = [.. network.modules().OfType<nn.Module<Tensor, Tensor>>().Where(BatchNormMeter.Fits).Select(norm => new BatchNormMeter(norm))];
        if (meters.Length == 0)
            return;
        try
        {
            var batches = examples.Batches(plan.BatchSize, plan.Seeds.For("statistics")).ToArray();
            foreach (var (_, loaded) in Prefetch.Each(batches, (_, rows) => examples.Load(rows, augmentationSeed: null)))
            {
                using var batch = loaded.To(plan.Device);
                plan.ThrowIfCancelled();
                using var scope = NewDisposeScope();
                network.call(batch.Inputs);
            }
            foreach (var meter in meters)
                meter.Write();
        }
        finally
        {
            foreach (var meter in meters)
                meter.Dispose();
        }
    }
}

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
