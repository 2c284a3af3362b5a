using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>Scores small enough to measure by hand.</summary>
internal static class ScoredRows
{
    /// <summary>Five rows of classes 0 0 0 1 2, predicted as 0 0 1 1 0.</summary>
    public static ScoredRow[] Five =>
    [
        new(0, 0.7f, 0.2f, 0.1f),
        new(0, 0.6f, 0.3f, 0.1f),
        new(0, 0.3f, 0.5f, 0.2f),
        new(1, 0.2f, 0.5f, 0.3f),
        new(2, 0.5f, 0.3f, 0.2f),
    ];

    public static IDataView Of(params ScoredRow[] rows) => Of(rows, classNames: []);

    public static IDataView Of(params NumberedRow[] rows) => new MLContext(1).Data.LoadFromEnumerable(rows);

    public static IDataView Of(ScoredRow[] rows, params string[] classNames)
    {
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        if (classNames.Length > 0)
            definition["Score"].AddAnnotation("SlotNames", classNames, new VectorDataViewType(TextDataViewType.Instance, classNames.Length));
        return new MLContext(1).Data.LoadFromEnumerable(rows, definition);
    }
}

internal sealed class ScoredRow(uint label, params float[] score)
{
    public const uint Missing = 9;

    [KeyType(3)]
    public uint Label { get; } = label;

    [VectorType(3)]
    public float[] Score { get; } = score;

    [KeyType(3)]
    public uint PredictedLabel { get; } = 0;
}

/// <summary>A row of two classes whose label is a number.</summary>
internal sealed class NumberedRow
{
    public float Label;

    [VectorType(2)]
    public float[]? Score;

    public float PredictedLabel = 0;
}
