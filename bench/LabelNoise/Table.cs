using System.Globalization;
using Benchmarks;

namespace LabelNoise;

/// <summary>Results as Markdown: a column for each method, a row for each number, mean ± standard deviation over the seeds.</summary>
static class Table
{
    public static void Write(TextWriter writer, Settings settings, Method[] methods, ILookup<string, IReadOnlyDictionary<string, double>> numbers)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{settings.Rows} training images, {100 * settings.Noise:0.#} % of them with a wrong label; {new SmallConvNet(settings.Width)}, batches of {settings.Batch}, learning rate {settings.Rate}; mean ± standard deviation of {methods.Min(m => numbers[m.Name].Count())} seeds.\n"));
        writer.WriteLine($"| | {string.Join(" | ", methods.Select(method => method.Name))} |");
        writer.WriteLine($"| --- |{string.Concat(methods.Select(_ => " --- |"))}");
        writer.WriteLine($"| rule | {string.Join(" | ", methods.Select(method => $"`{method.Rule(settings)}`"))} |");
        writer.WriteLine($"| epochs | {string.Join(" | ", methods.Select(method => settings.Epochs * method.Longer))} |");
        writer.WriteLine($"| passes over the data | {string.Join(" | ", methods.Select(method => settings.Epochs * method.Longer * method.PassesPerStep))} |");
        foreach (var name in numbers.First().First().Keys)
            writer.WriteLine($"| {name} | {string.Join(" | ", methods.Select(method => Cell.Of([.. numbers[method.Name].Select(run => run[name])])))} |");
    }
}
