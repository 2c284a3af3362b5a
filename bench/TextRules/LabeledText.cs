using Microsoft.ML.Data;

namespace TextRules;

/// <summary>A line of the files.</summary>
sealed class LabeledText
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
