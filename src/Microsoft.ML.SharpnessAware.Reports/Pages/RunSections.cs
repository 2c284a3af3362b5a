using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The figures that people ask for first.</summary>
internal static class SummarySection
{
    public static Section Of(ReportContent content)
    {
        List<(string Value, string Name)> tiles =
        [
            (Say.Percent(content.Confusion.Accuracy), "test accuracy"),
            (Say.Percent(content.Confusion.MacroAccuracy), "mean recall of the classes"),
            (Say.Number(content.Calibration.LogLoss), "log-loss on the test rows"),
            (Say.Percent(content.Calibration.ExpectedError), "expected calibration error"),
        ];
        if (content.Train is { Rows: { Count: > 0 } training })
            tiles.Insert(1, (Say.Percent(training.Average(row => row.IsCorrect ? 1.0 : 0)), "accuracy on training rows"));
        if (TimeOf(content.Options) is { } time)
            tiles.Add((Say.Time(time), "training time"));
        return new Section("summary", "Summary", Markup.Of($"""
            <dl class="tiles">{tiles.Select(tile => Markup.Of($"<div><dt>{tile.Name}</dt><dd>{tile.Value}</dd></div>"))}</dl>
            <p>{Sentence(content)}</p>
            """));
    }

    static TimeSpan? TimeOf(HtmlReportOptions options) => options.TrainingTime ?? (options.Epochs.Count > 0 ? options.Epochs[^1].Elapsed : null);

    static string Sentence(ReportContent content)
    {
        var rows = content.Test.Rows.Count;
        var wrong = content.Test.Rows.Count(row => !row.IsCorrect);
        var text = $"Of {Say.Count(rows, "test row")}, {Say.Count(rows - wrong, "is", "are")} classified correctly and {Say.Count(wrong, "is", "are")} not.";
        return content.Confusion.Confusions().FirstOrDefault() is { Count: > 0 } most
            ? $"{text} The most frequent confusion is ‘{content.Classes[most.Label]}’ taken for ‘{content.Classes[most.Predicted]}’, {Say.Count(most.Count, "time")}."
            : text;
    }
}

/// <summary>The data and their classes.</summary>
internal static class DataSection
{
    public static Section Of(ReportContent content) => new("data", "Data and classes", Markup.Of($"""
        <ul>{Sentences(content).Select(sentence => Markup.Of($"<li>{sentence}</li>"))}</ul>
        {Table.Of("Rows of each class", ["class", .. content.Train is null ? [] : (string[])["training rows", "share"], "test rows", "share"], Enumerable.Range(0, content.Classes.Count).Select(index => Row(content, index)))}
        """));

    static IEnumerable<string> Sentences(ReportContent content)
    {
        if (content.Train is { } train)
            yield return Sentence("training", train.Counts);
        yield return Sentence("test", content.Test.Counts);
        if (content.Test.Rows.Count < content.Test.Counts.Read)
            yield return $"The model gives no scores to {Say.Count(content.Test.Counts.Read - content.Test.Rows.Count, "test row")}, whose input it cannot use.";
    }

    static string Sentence(string name, RowCounts counts) =>
        $"{Say.Count(counts.Labelled, $"{name} row")}"
        + (counts.Unlabelled > 0 ? $", and {Say.Count(counts.Unlabelled, "row")} more without a label that the model knows" : "")
        + (counts.Read < counts.Labelled ? $"; the report reads {counts.Read.ToString("N0", CultureInfo.InvariantCulture)} of them, drawn at random" : "") + ".";

    static Markup[] Row(ReportContent content, int index) =>
    [
        Table.Name(content.Classes[index]),
        .. content.Train is { } train ? Counts(train.Counts, index) : [],
        .. Counts(content.Test.Counts, index),
    ];

    static Markup[] Counts(RowCounts counts, int index) =>
        [Table.Cell(counts.OfClasses[index].ToString("N0", CultureInfo.InvariantCulture)), Table.Cell(counts.Labelled == 0 ? "–" : Say.Percent((double)counts.OfClasses[index] / counts.Labelled))];
}

/// <summary>How the model was trained.</summary>
internal static class OptionsSection
{
    public static Section Of(ReportContent content)
    {
        var facts = JsonNode.Parse(content.Model.Facts.TrainingJson)!.AsObject();
        var all = Table.Of("All settings in the model's file", ["setting", "value"], facts.Select(fact => Row(fact.Key, Text(fact.Value))), numbers: false);
        var given = content.Options.TrainerOptions is { } options ? Table.Of("Options that differ from their defaults", ["option", "value"], Changed(options).Select(option => Row(option.Name, option.Value)), numbers: false) : Markup.Empty;
        return new Section("options", "Options", Markup.Of($"{given}<details{Markup.Raw(given == Markup.Empty ? " open" : "")}><summary>All settings of the run</summary>{all}</details>"));
    }

    static Markup[] Row(string name, string value) => [Table.Cell(name), Table.Cell(value)];

    // Options that are data, or that a program is called by, say nothing in words.
    static IEnumerable<(string Name, string Value)> Changed(SamTrainerOptions options)
    {
        var defaults = Activator.CreateInstance(options.GetType());
        return
            from field in options.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance)
            where !typeof(Delegate).IsAssignableFrom(field.FieldType) && !typeof(IDataView).IsAssignableFrom(field.FieldType) && field.FieldType != typeof(CancellationToken)
            where !field.FieldType.IsGenericType || field.FieldType.GetGenericTypeDefinition() != typeof(IProgress<>)
            let value = field.GetValue(options)
            let written = Text(value)
            where written != Text(field.GetValue(defaults))
            select (field.Name, written);
    }

    static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // {"$type": "Sam", "Rho": 0.05} as Sam { Rho = 0.05 }.
    static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray array => $"[{string.Join(", ", array.Select(Text))}]",
        JsonObject record => $"{record["$type"]} {{ {string.Join(", ", record.Where(member => member.Key != "$type").Select(member => $"{member.Key} = {Text(member.Value)}"))} }}".Replace("{  }", "", StringComparison.Ordinal).Trim(),
        _ => node.ToString(),
    };
}

/// <summary>The run epoch by epoch.</summary>
internal static class EpochsSection
{
    public static Section? Of(ReportContent content)
    {
        var epochs = content.Options.Epochs;
        if (epochs.Count == 0)
            return null;
        return new Section("epochs", "Epochs", Markup.Of($"""
            <div class="charts"><div class="chart">{EpochCharts.Losses(epochs)}</div><div class="chart">{EpochCharts.Accuracies(epochs)}</div></div>
            <p>The training loss and accuracy of an epoch are means over its steps, before each step, on augmented rows where there is augmentation.{(epochs.Any(epoch => epoch.PerturbedLoss != epoch.Loss) ? " The loss at w + ε is that after a step uphill, as SAM takes it: the closer it is to the training loss, the flatter is the loss there." : "")}</p>
            <details><summary>Table of epochs</summary>{Table.Of("Epochs", ["epoch", "loss", "at w + ε", "accuracy", "validation loss", "validation accuracy", "learning rate", "time"], epochs.Select(Row))}</details>
            """));
    }

    static Markup[] Row(EpochMetrics epoch) =>
    [
        Table.Cell(Invariant($"{epoch.Epoch}{(epoch.IsBest && epoch.ValidationLoss is not null ? " (best so far)" : "")}")),
        Table.Cell(Say.Number(epoch.Loss)), Table.Cell(Say.Number(epoch.PerturbedLoss)), Table.Cell(Say.Percent(epoch.TrainAccuracy)),
        Table.Cell(Say.Number(epoch.ValidationLoss)), Table.Cell(Say.Percent(epoch.ValidationAccuracy)), Table.Cell(Say.Number(epoch.LearningRate)), Table.Cell(Say.Time(epoch.Elapsed)),
    ];
}
