namespace Microsoft.ML.SharpnessAware;

/// <summary>Counts the rows of each class, and those of them that are classified rightly.</summary>
internal sealed class ClassHits
{
    readonly SortedDictionary<long, (long Rows, long Hits)> _classes = [];

    /// <summary>The share of all rows that are classified rightly.</summary>
    public double Accuracy => (double)_classes.Values.Sum(c => c.Hits) / _classes.Values.Sum(c => c.Rows);

    /// <summary>The mean, over the classes that have rows, of the share of their rows that are classified rightly; the MacroAccuracy of ML.NET.</summary>
    public double MacroAccuracy => _classes.Values.Average(c => (double)c.Hits / c.Rows);

    /// <summary>Takes in rows: logits [N, classes], and their labels [N].</summary>
    public void Add(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var hits = logits.detach().argmax(1).eq(labels).cpu().data<bool>().ToArray();
        foreach (var (label, isHit) in labels.cpu().data<long>().ToArray().Zip(hits))
        {
            var (rows, before) = _classes.GetValueOrDefault(label);
            _classes[label] = (rows + 1, before + (isHit ? 1 : 0));
        }
    }
}
