namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The rows with the largest losses, and what the network looked at.</summary>
internal static class LossesSection
{
    public static Section? Of(ReportContent content)
    {
        var rows = content.Test.Rows.OrderByDescending(row => row.Loss).ThenBy(row => row.Position).Take(content.Options.RowsPerList).ToArray();
        if (rows.Length == 0)
            return null;
        var explained = rows.Take(content.Options.Explanations).Select(row => row.Position).ToArray();
        if (explained.Length > 0)
            content.Options.Progress?.Report("Explaining the rows with the largest losses");
        var reasons = Explanations.Of(content, explained);
        var shown = content.Test.ContentOf(rows.Select(row => row.Position), reasons.Maps);
        return new Section("losses", "Largest losses", Markup.Of($"""
            <p>The test rows whose own class gets the least probability. They are wrongly labelled, or hard, or of a kind that the training rows lack.</p>
            <p>{reasons.Legend}</p>
            {RowFigures.Grid(rows.Where(row => shown.ContainsKey(row.Position)).Select(row => Figure(row)), content.AreTexts)}
            """));

        Markup Figure(ScoredRow row) => RowFigures.Figure(
            shown[row.Position],
            Markup.Of($"{RowFigures.Says(row, content.Classes)}<span>loss {Say.Number(row.Loss)}</span>"),
            content.Classes[row.Predicted],
            reasons.Tokens.GetValueOrDefault(row.Position));
    }
}

/// <summary>Why the model predicts what it predicts, for some rows.</summary>
internal sealed record Explanations(IReadOnlyDictionary<long, HeatMap> Maps, IReadOnlyDictionary<long, IReadOnlyList<TokenAttribution>> Tokens, Markup Legend)
{
    static readonly Dictionary<long, HeatMap> NoMaps = [];
    static readonly Dictionary<long, IReadOnlyList<TokenAttribution>> NoTokens = [];

    public static Explanations Of(ReportContent content, long[] rows)
    {
        if (rows.Length == 0)
            return new Explanations(NoMaps, NoTokens, Markup.Empty);
        try
        {
            return content.AreTexts ? OfTexts(content, rows) : OfImages(content, rows);
        }
        // A network without feature maps or embeddings: the report says so, and has all the rest.
        catch (InvalidOperationException fault)
        {
            return new Explanations(NoMaps, NoTokens, Markup.Of($"There are no explanations: {fault.Message}"));
        }
    }

    static Explanations OfImages(ReportContent content, long[] rows)
    {
        var maps = content.Ml.MulticlassClassification.ExplainImages(content.Model.Classifier, content.Test.Input, new ExplainImagesOptions { Rows = rows, CancellationToken = content.Options.CancellationToken });
        return new Explanations(maps.ToDictionary(map => map.Row, map => map.HeatMap), NoTokens, Markup.Of($"The second picture of a row is its Grad-CAM (Selvaraju et al. 2017), from the layer {maps.FirstOrDefault()?.Layer}: the redder, the more the place speaks for the predicted class."));
    }

    static Explanations OfTexts(ReportContent content, long[] rows)
    {
        var texts = content.Ml.MulticlassClassification.ExplainTexts(content.Model.Classifier, content.Test.Input, new ExplainTextsOptions { Rows = rows, CancellationToken = content.Options.CancellationToken });
        return new Explanations(NoMaps, texts.ToDictionary(text => text.Row, text => text.Tokens), Markup.Of($"""
            Words are marked by what they contribute to the score of the predicted class, as integrated gradients say (Sundararajan et al. 2017): <mark class="for" style="--share:0.7">for it</mark> with a solid line, <mark class="against" style="--share:0.7">against it</mark> with a dashed one, the stronger the more.
            """));
    }
}

/// <summary>The classes that are taken for each other most often.</summary>
internal static class PairsSection
{
    const int MostPairs = 5;
    const int RowsPerPair = 6;

    public static Section? Of(ReportContent content)
    {
        var pairs = content.Confusion.Confusions().Take(MostPairs).ToArray();
        if (pairs.Length == 0)
            return null;
        var rows = pairs.ToDictionary(pair => pair, pair => content.Test.Rows.Where(row => row.Label == pair.Label && row.Predicted == pair.Predicted)
            .OrderByDescending(row => row.Confidence).Take(Math.Min(RowsPerPair, content.Options.RowsPerList)).ToArray());
        var shown = content.Test.ContentOf(rows.Values.SelectMany(pair => pair).Select(row => row.Position));
        return new Section("pairs", "Most confused pairs", Markup.Of($"{pairs.Select(Pair)}"));

        Markup Pair((int Label, int Predicted, int Count) pair) => Markup.Of($"""
            <h3><bdi>{content.Classes[pair.Label]}</bdi> taken for <bdi>{content.Classes[pair.Predicted]}</bdi>: {Say.Count(pair.Count, "row")}, {Say.Percent((double)pair.Count / content.Confusion.Figures[pair.Label].Rows)} of its class</h3>
            {RowFigures.Grid(rows[pair].Where(row => shown.ContainsKey(row.Position)).Select(row => RowFigures.Figure(shown[row.Position], RowFigures.Says(row, content.Classes))), content.AreTexts)}
            """);
    }
}

/// <summary>Labels that the model contradicts with confidence.</summary>
internal static class SuspiciousSection
{
    public static Section? Of(ReportContent content)
    {
        if (!content.Options.SuspiciousLabels)
            return null;
        var test = Part("test", content.Test, content);
        var train = content.Train is { } rows ? Part("training", rows, content) : Markup.Empty;
        return new Section("suspicious", "Suspicious labels", Markup.Of($"""
            <p>Rows that are likely to be labelled wrongly, by confident learning (Northcutt et al. 2021): another class is likelier than the label, and at least as likely as it is on average for its own rows. Look at them before you believe it. Training rows are found less reliably: the model has seen their labels.</p>
            {test}{train}
            """));
    }

    static Markup Part(string name, ReportedRows rows, ReportContent content)
    {
        var found = SuspiciousLabels.In(rows.Rows, content.Classes.Count);
        var listed = found.Take(content.Options.RowsPerList).ToArray();
        var shown = rows.ContentOf(listed.Select(label => label.Row.Position));
        return Markup.Of($"""
            <h3>{Say.Count(found.Count, $"{name} row")}{(listed.Length < found.Count ? $", of which {listed.Length} are shown" : "")}</h3>
            {RowFigures.Grid(listed.Where(label => shown.ContainsKey(label.Row.Position)).Select(label => RowFigures.Figure(shown[label.Row.Position], RowFigures.Says(label.Row, content.Classes))), content.AreTexts)}
            """);
    }
}

/// <summary>Test rows that the training rows give away.</summary>
internal static class DuplicatesSection
{
    public static Section? Of(ReportContent content)
    {
        if (!content.Options.NearDuplicates || content.Train is not { } train)
            return null;
        content.Options.Progress?.Report("Looking for near-duplicates");
        var found = NearDuplicates.Between(content.Test.Fingerprints, train.Fingerprints, content.Options.CancellationToken);
        var listed = found.Take(content.Options.RowsPerList).ToArray();
        var ofTest = content.Test.ContentOf(listed.Select(pair => content.Test.Rows[pair.Test].Position));
        var ofTrain = train.ContentOf(listed.Select(pair => train.Rows[pair.Train].Position));
        return new Section("duplicates", "Near-duplicates between training and test", Markup.Of($"""
            <p>{Verdict(content, found)} {(content.AreTexts
                ? $"Two texts count as nearly the same if they share {Say.Percent(TextFingerprint.LeastResemblance)} of their pieces of four characters."
                : $"Two pictures count as nearly the same if, at {GreyFingerprint.Side} × {GreyFingerprint.Side} levels of grey, they differ by no more than {Say.Number(GreyFingerprint.LargestDifference)} of 255 levels in the mean square and correlate by {Say.Number(GreyFingerprint.LeastCorrelation)} or more.")}</p>
            {listed.Select(Pair)}
            """));

        Markup Pair(NearDuplicate pair)
        {
            var (test, known) = (content.Test.Rows[pair.Test], train.Rows[pair.Train]);
            return ofTest.TryGetValue(test.Position, out var first) && ofTrain.TryGetValue(known.Position, out var second)
                ? Markup.Of($"""<div class="rows {(content.AreTexts ? "texts" : "pictures")} twins">{RowFigures.Figure(first, Says("test", test))}{RowFigures.Figure(second, Says("training", known))}</div>""")
                : Markup.Empty;
        }

        Markup Says(string data, ScoredRow row) => Markup.Of($"<span>{data} row, label <bdi>{content.Classes[row.Label]}</bdi></span>");
    }

    static string Verdict(ReportContent content, IReadOnlyList<NearDuplicate> found)
    {
        if (found.Count == 0)
            return "No test row is nearly the same as a training row.";
        var others = found.Select(pair => pair.Test).ToHashSet();
        var rest = content.Test.Rows.Where((_, i) => !others.Contains(i)).ToArray();
        var without = rest.Length == 0 ? "" : $" Without them, the accuracy is {Say.Percent(rest.Average(row => row.IsCorrect ? 1.0 : 0))}.";
        return $"{Say.Count(found.Count, "test row is", "test rows are")} nearly the same as a training row.{without}";
    }
}
