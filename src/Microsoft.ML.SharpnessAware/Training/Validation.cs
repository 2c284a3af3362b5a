namespace Microsoft.ML.SharpnessAware;

/// <summary>How well a network does on rows that it is not trained on.</summary>
internal static class Validation
{
    /// <summary>Loss and accuracies over all rows, each counted once, in eval mode and without label smoothing.</summary>
    public static ValidationResult Of(nn.Module<Tensor, Tensor> network, IExamples examples, TrainingPlan plan)
    {
        using var noGrad = no_grad();
        network.eval();
        var loss = 0.0;
        var hits = new ClassHits();
        foreach (var (_, loaded) in Prefetch.Each(examples.Batches(plan.BatchSize, shuffleSeed: null).ToArray(), (_, rows) => examples.Load(rows, augmentationSeed: null)))
        {
            using var batch = loaded.To(plan.Device);
            plan.ThrowIfCancelled();
            using var scope = NewDisposeScope();
            var logits = network.call(batch.Inputs);
            loss += nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).ToDouble();
            hits.Add(logits, batch.Labels);
        }
        return new ValidationResult(loss / examples.Count, hits.Accuracy, hits.MacroAccuracy);
    }

    /// <summary>How many rows have their largest logit at their label.</summary>
    public static long Hits(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return logits.detach().argmax(1).eq(labels).sum().ToInt64();
    }
}
