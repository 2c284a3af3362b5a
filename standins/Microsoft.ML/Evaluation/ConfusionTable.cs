using System.Text;

namespace Microsoft.ML.Data;

/// <summary>A confusion matrix as text, with precision and recall at its edges.</summary>
internal static class ConfusionTable
{
    private const int NarrowestLabel = 9;

    public static string Format(ConfusionMatrix matrix)
    {
        var names = matrix.PredictedClassesIndicators;
        var columnWidth = names.Count == 2 ? 8 : 5;
        var longestName = names.Max(name => name.Length);
        var numbered = longestName > columnWidth;
        var digits = (names.Count - 1).ToString().Length;
        var labelWidth = Math.Max(NarrowestLabel, numbered ? longestName + digits + 2 : longestName);
        var rule = string.Concat(Enumerable.Repeat(names.Count > 2 ? "========" : "===========", names.Count));

        var text = new StringBuilder();
        text.AppendLine();
        text.AppendLine("Confusion table");
        text.Append(Edge("")).AppendLine(rule);
        text.Append(Edge("PREDICTED"));
        for (var i = 0; i < names.Count; i++)
            text.Append($" {(numbered ? i.ToString() : names[i].ToString()).PadLeft(columnWidth)} |");
        text.AppendLine(" Recall");
        text.Append(Edge("TRUTH")).AppendLine(rule);
        for (var i = 0; i < names.Count; i++)
        {
            text.Append(numbered ? $"{i.ToString().PadLeft(digits)}. {names[i].ToString().PadLeft(labelWidth - digits - 2)} ||" : $"{names[i].ToString().PadLeft(labelWidth)} ||");
            foreach (var count in matrix.Counts[i])
                text.Append($" {count.ToString("N0").PadLeft(columnWidth)} |");
            text.AppendLine($" {matrix.PerClassRecall[i].ToString("F4").PadLeft(5)}");
        }

        text.Append(Edge("")).AppendLine(rule);
        text.Append(Edge("Precision"));
        foreach (var precision in matrix.PerClassPrecision)
            text.Append($"{precision.ToString("N4").PadLeft(columnWidth + 1)} |");
        return text.AppendLine().ToString();

        string Edge(string title) => title.PadRight(labelWidth + 1) + "||";
    }
}
