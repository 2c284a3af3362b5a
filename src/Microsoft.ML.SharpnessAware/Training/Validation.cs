namespace Microsoft.ML.SharpnessAware;

/// <summary>How well a network does on rows that it is not trained on.</summary>
internal static class Validation
{
    /// <summary>Loss and accuracies over all rows, each counted once, in eval mode and without label smoothing. Workers share the batches out.</summary>
    public static ValidationResult Of(nn.Module<Tensor, Tensor> network, IExamples examples, TrainingPlan plan)
    {
        using var noGrad = no_grad();
        network.eval();
        var batches = examples.Batches(plan.BatchSize, shuffleSeed: null).ToArray();
        var (losses, labels, hits) = (new double[batches.Length], new double[examples.Count], new double[examples.Count]);
        var own = plan.Team.OwnOf(batches);
        examples.Fetch(own.Select(batch => new BatchPart(batch.Rows)));
        foreach (var (index, loaded) in Prefetch.Each([.. own.Select(one => one.Rows)], (_, rows) => examples.Load(rows, augmentationSeed: null)))
        {
            using var batch = loaded.MoveTo(plan.Device);
            plan.ThrowIfCancelled();
            using var scope = NewDisposeScope();
            var logits = network.call(batch.Inputs);
            losses[own[index].Number] = nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).ToDouble();
            Spread(batch.Labels.cpu().data<long>().Select(label => (double)label), own[index].Rows, labels);
            Spread(Hit(logits, batch.Labels).cpu().data<bool>().Select(isHit => isHit ? 1.0 : 0), own[index].Rows, hits);
        }
        foreach (var numbers in (double[][])[losses, labels, hits])
            plan.Team.Sum(numbers);
        var classes = new ClassHits();
        foreach (var (label, hit) in labels.Zip(hits))
            classes.Add((long)label, hit > 0);
        return new ValidationResult(losses.Sum() / examples.Count, classes.Accuracy, classes.MacroAccuracy);
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

    static void Spread(IEnumerable<double> values, int[] rows, double[] into)
    {
        foreach (var (row, value) in rows.Zip(values))
            into[row] = value;
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

    /// <summary>Takes in a row of a class.</summary>
    public void Add(long label, bool isHit)
    {
        var (rows, before) = _classes.GetValueOrDefault(label);
        _classes[label] = (rows + 1, before + (isHit ? 1 : 0));
    }
}

/// <summary>What a network's answers for the validation rows come to.</summary>
/// <param name="Loss">Mean cross-entropy over all rows.</param>
/// <param name="Accuracy">Share of all rows classified correctly.</param>
/// <param name="MacroAccuracy">Mean of the classes' own shares, over the classes that occur.</param>
internal sealed record ValidationResult(double Loss, double Accuracy, double MacroAccuracy);
