using System.Globalization;
using Benchmarks;
using Microsoft.ML.SharpnessAware;

namespace TextRules;

/// <summary>The results of a task as Markdown.</summary>
static class Table
{
    /// <summary>A row for each method, a column for each number, mean ± standard deviation over the seeds.</summary>
    public static void Write(TextWriter writer, TextTask task, Tuning[] tunings, ILookup<Method, IReadOnlyDictionary<string, double>> runs, double majority)
    {
        var names = runs.First().First().Keys.ToArray();
        writer.WriteLine($"| {task.Name} | passes over the data | {string.Join(" | ", names)} |");
        writer.WriteLine($"| --- |{string.Concat(Enumerable.Repeat(" --- |", names.Length + 1))}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| the most frequent class | 0 |{string.Concat(names.Select(name => name == "accuracy" ? $" {majority:F4} |" : " |"))}"));
        foreach (var (method, _) in tunings)
            writer.WriteLine($"| {method.Name} | {task.Epochs * method.Longer * method.PassesPerStep} | {string.Join(" | ", names.Select(name => Cell.Of([.. runs[method].Select(numbers => numbers[name])])))} |");
        writer.WriteLine();
    }

    /// <summary>A row for each method, and how right each of its candidates was on held-out training rows.</summary>
    public static void WriteTuning(TextWriter writer, TextTask task, Tuning[] tunings)
    {
        writer.WriteLine($"| {task.Name}, accuracy on held-out training rows | |\n| --- | --- |");
        foreach (var tuning in tunings.Where(tuning => tuning.Candidates.Length > 1))
            writer.WriteLine($"| {tuning.Method.Name} | {string.Join("; ", tuning.Candidates.Select(candidate => Text(candidate.Setup, candidate.Accuracy, tuning.Best)))} |");
        writer.WriteLine();
    }

    static string Text(Setup setup, double accuracy, Setup best)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"`{setup.Rule}`, rate {setup.Optimizer.LearningRate}: {accuracy:F4}");
        return setup == best ? $"**{text}**" : text;
    }
}
