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
            using var batch = loaded.MoveTo(plan.Device);
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
        return Hit(logits, labels).sum().ToInt64();
    }

    /// <summary>Which rows have their largest logit at their label. None has where a logit is not finite.</summary>
    public static Tensor Hit(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var values = logits.detach();
        return values.argmax(1).eq(labels).logical_and(values.isfinite().all(1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Counts the rows of each class, and those of them that are classified correctly.</summary>
internal sealed class ClassHits
{
    readonly SortedDictionary<long, (long Rows, long Hits)> _classes = [];

    /// <summary>The share of all rows that are classified correctly.</summary>
    public double Accuracy => (double)_classes.Values.Sum(c => c.Hits) / _classes.Values.Sum(c => c.Rows);

    /// <summary>The mean, over the classes that have rows, of the share of their rows that are classified correctly; the MacroAccuracy of ML.NET.</summary>
    public double MacroAccuracy => _classes.Values.Average(c => (double)c.Hits / c.Rows);

    /// <summary>Takes in rows: logits [N, classes], and their labels [N].</summary>
    public void Add(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var hits = Validation.Hit(logits, labels).cpu().data<bool>().ToArray();
        foreach (var (label, isHit) in labels.cpu().data<long>().ToArray().Zip(hits))
        {
            var (rows, before) = _classes.GetValueOrDefault(label);
            _classes[label] = (rows + 1, before + (isHit ? 1 : 0));
        }
    }
}

/// <summary>What a network's answers for the validation rows come to.</summary>
/// <param name="Loss">Mean cross-entropy over all rows.</param>
/// <param name="Accuracy">Share of all rows classified correctly.</param>
/// <param name="MacroAccuracy">Mean of the classes' own shares, over the classes that occur.</param>
internal sealed record ValidationResult(double Loss, double Accuracy, double MacroAccuracy);
