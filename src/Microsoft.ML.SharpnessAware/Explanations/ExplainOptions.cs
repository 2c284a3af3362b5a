namespace Microsoft.ML.SharpnessAware;

/// <summary>Settings that all explanations of predictions have.</summary>
public abstract class ExplainOptions : ICheckedOptions
{
    private protected ExplainOptions() { }

    /// <summary>The rows to explain, by their positions in the data, counted from 0; null, the default, for all. A position that the data do not have is an error.</summary>
    public IReadOnlyList<long>? Rows;

    /// <summary>The class whose score is explained, by its name; null, the default, for the class that the model predicts for each row.</summary>
    public string? Class;

    /// <summary>Whether to compute on a copy of the network in float64, in place of float32; false by default.</summary>
    public bool DoublePrecision;

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    object ICheckedOptions.Copy()
    {
        var copy = (ExplainOptions)MemberwiseClone();
        copy.Rows = Rows is null ? null : [.. Rows];
        return copy;
    }

    void ICheckedOptions.AddTo(OptionFaults faults) => AddTo(faults);

    private protected virtual void AddTo(OptionFaults faults)
    {
        if (Rows is not null && Rows.Any(row => row < 0))
            faults.Unless(false, Rows.First(row => row < 0), "0 or more", $"Each of {nameof(Rows)}");
    }
}

/// <summary>Which images to explain, and how.</summary>
public sealed class ExplainImagesOptions : ExplainOptions
{
    /// <summary>The layer whose feature maps are weighted, by the name that the network's module has for it, such as "layer4"; null, the default, for the last one that puts out feature maps of more than one pixel.</summary>
    public string? Layer;
}

/// <summary>Which texts to explain, and how.</summary>
public sealed class ExplainTextsOptions : ExplainOptions
{
    /// <summary>Points between the baseline and the text at which the gradient is taken; 50 by default. With more, the scores add up more exactly.</summary>
    public int Steps = 50;

    private protected override void AddTo(OptionFaults faults)
    {
        base.AddTo(faults);
        faults.Unless(Steps >= 1, Steps, "1 or more");
    }
}
