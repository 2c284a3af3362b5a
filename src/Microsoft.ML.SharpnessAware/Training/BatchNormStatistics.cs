namespace Microsoft.ML.SharpnessAware;

/// <summary>Batch norm's running statistics for weights that no step has led to.</summary>
internal static class BatchNormStatistics
{
    /// <summary>
    /// Makes them the means over one pass, shuffled by the seed and not augmented, each batch weighted by its rows. Batch norm sees its own batch, and all
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
            var batches = plan.Team.OwnOf([.. examples.Batches(plan.BatchSize, plan.Seeds.For("statistics"))]);
            examples.Fetch(batches.Select(batch => new BatchPart(batch.Rows)));
            foreach (var (_, loaded) in Prefetch.Each([.. batches.Select(one => one.Rows)], (_, rows) => examples.Load(rows, augmentationSeed: null)))
            {
                using var batch = loaded.MoveTo(plan.Device);
                plan.ThrowIfCancelled();
                using var scope = NewDisposeScope();
                network.call(batch.Inputs);
            }
            foreach (var meter in meters)
                meter.Write(plan.Team);
        }
        finally
        {
            foreach (var meter in meters)
                meter.Dispose();
        }
    }
}

/// <summary>Refuses passes of one row where batch norm would see one value of each channel, whose variance is none.</summary>
internal static class BatchNormRows
{
    /// <exception cref="InvalidOperationException">There is such a pass; the message names the layer and the option.</exception>
    public static void Check(nn.Module<Tensor, Tensor> network, IExamples examples, TrainingPlan plan)
    {
        if (OptionOfOneRow(examples, plan) is { } option && LayerOfOneValue(network, examples, plan.Device) is { } layer)
            throw CommonFault.Of(new InvalidOperationException($"{option}, and of one row the batch norm layer '{layer}' sees one value of each channel, which has no variance to divide by. Take 2 rows or more, larger images, or a network without batch norm."));
    }

    // What makes a pass one row; null where none is.
    static string? OptionOfOneRow(IExamples examples, TrainingPlan plan) =>
        examples.Batches(plan.BatchSize, plan.Seeds.For("shuffle", 1)).Select(batch => batch.Length).Distinct().Select(rows => OptionOfOneRow(rows, examples.Count, plan)).FirstOrDefault(option => option is not null);

    static string? OptionOfOneRow(int batch, int all, TrainingPlan plan)
    {
        if (batch == 1)
            return plan.BatchSize == 1 ? "BatchSize is 1" : all == 1 ? "There is one row to train on" : "There is a batch of one row";
        var group = Smallest(batch, plan.Steps.MicroBatch);
        if (group == 1)
            return $"MicroBatch is {plan.Steps.MicroBatch} where a batch has {batch} rows";
        if (plan.Steps.MicroBatch is null)
            group = Enumerable.Range(0, plan.Team.Count).Select(rank => plan.Shares.Of(rank, batch).Count).Where(rows => rows > 0).Min();
        return Smallest(group, plan.Steps.RowsPerPass) == 1 ? $"RowsPerPass is {plan.Steps.RowsPerPass} where {group} rows share a perturbation" : null;
    }

    // As BatchRows.Pieces divides them.
    static int Smallest(int rows, int? size) => size is { } most ? rows / ((rows + most - 1) / most) : rows;

    static string? LayerOfOneValue(nn.Module<Tensor, Tensor> network, IExamples examples, Device device)
    {
        string? found = null;
        Action[] removeHooks = [.. network.named_modules().Where(named => BatchNormMeter.IsBatchNorm(named.module)).Select(named => Watch(named.name, (nn.Module<Tensor, Tensor>)named.module))];
        if (removeHooks.Length == 0)
            return null;
        try
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var batch = examples.LoadFirst().MoveTo(device);
            network.eval();
            network.call(batch.Inputs);
            return found;
        }
        finally
        {
            foreach (var remove in removeHooks)
                remove();
        }

        Action Watch(string name, nn.Module<Tensor, Tensor> norm) => norm.register_forward_pre_hook((_, input) =>
        {
            found ??= input.numel() == input.shape[1] ? name : null;
            return input;
        }).remove;
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
    public static bool Fits(nn.Module module) => IsBatchNorm(module) && Statistics(module, "running_mean") is not null;

    public static bool IsBatchNorm(nn.Module module) => module.GetType().Name.StartsWith("BatchNorm", StringComparison.Ordinal);

    /// <summary>Makes the means over what all workers have seen the running statistics.</summary>
    public void Write(Team team)
    {
        using var scope = NewDisposeScope();
        var (mean, variance) = (Statistics(_norm, "running_mean")!, Statistics(_norm, "running_var")!);
        double[] rows = [_rows];
        team.Sum(rows);
        if (rows[0] == 0)
            return;
        mean.copy_(SumOver(team, _means, mean) / rows[0]);
        variance.copy_(SumOver(team, _variances, variance) / rows[0]);
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

    static Tensor SumOver(Team team, Tensor? own, Tensor like)
    {
        var sum = own is null ? zeros_like(like, dtype: ScalarType.Float64) : own.alias();
        team.Sum(sum);
        return sum;
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
