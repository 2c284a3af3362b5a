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
