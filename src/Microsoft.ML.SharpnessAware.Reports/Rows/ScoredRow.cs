using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>A labelled row and what the model says of it.</summary>
/// <param name="Position">Its position in the data.</param>
/// <param name="Label">Its class.</param>
/// <param name="Scores">The probabilities of the classes.</param>
internal sealed record ScoredRow(long Position, int Label, float[] Scores)
{
    /// <summary>The likeliest class.</summary>
    public int Predicted { get; } = Array.IndexOf(Scores, Scores.Max());

    public bool IsCorrect => Predicted == Label;

    /// <summary>The probability of the likeliest class.</summary>
    public double Confidence => Scores[Predicted];

    /// <summary>−ln of the probability of the row's own class, which counts as no less than float32 can tell from 0.</summary>
    public double Loss => -Math.Log(Math.Max(Scores[Label], 1e-38));
}

/// <summary>The rows of one data set that a report reads.</summary>
internal sealed class ReportedRows
{
    readonly IDataView _input;
    readonly ContentColumns _content;
    readonly CancellationToken _cancellation;

    ReportedRows(IDataView input, ContentColumns content, RowCounts counts, IReadOnlyList<ScoredRow> rows, IReadOnlyList<Fingerprint> fingerprints, CancellationToken cancellation) =>
        (_input, _content, Counts, Rows, Fingerprints, _cancellation) = (input, content, counts, rows, fingerprints, cancellation);

    public RowCounts Counts { get; }

    /// <summary>The rows that the model gives scores to, in their order.</summary>
    public IReadOnlyList<ScoredRow> Rows { get; }

    /// <summary>What near-duplicates are recognised by, in the order of <see cref="Rows"/>; none where nobody asks.</summary>
    public IReadOnlyList<Fingerprint> Fingerprints { get; }

    /// <summary>The rows as they come to the classifier.</summary>
    public IDataView Input => _input;

    /// <summary>Reads the labels of all rows, and scores those that are drawn, unless they are to be counted only.</summary>
    public static ReportedRows Read(ReportedModel model, IDataView data, HtmlReportOptions options, bool countOnly)
    {
        var input = model.InputOf(data);
        var label = LabelColumn.Of(input.Schema, model.Facts);
        var content = ContentColumns.Of(input.Schema, model, options.NameColumnName);
        var (picked, counts) = PickedRows.Draw(input, label, model.Facts.Classes.Count, options.MaxRows, options.Seed, options.CancellationToken);
        if (countOnly)
            return new ReportedRows(input, content, counts, [], [], options.CancellationToken);
        var scored = model.Score(picked);
        var columns = new List<DataViewSchema.Column> { scored.Schema[model.Facts.ScoreColumnName], label.Column };
        if (options.NearDuplicates)
            columns.AddRange(content.Columns);

        var (rows, fingerprints) = (new List<ScoredRow>(), new List<Fingerprint>());
        using var cursor = scored.GetRowCursor(columns.Select(column => scored.Schema[column.Name]));
        var (scores, classOf) = (cursor.GetGetter<VBuffer<float>>(columns[0]), label.Open(cursor));
        var read = options.NearDuplicates ? content.Open(cursor) : null;
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            scores(ref buffer);
            float[] probabilities = [.. buffer.DenseValues()];
            // A row that the model skips has none.
            if (float.IsNaN(probabilities[0]))
                continue;
            rows.Add(new ScoredRow(cursor.Position, classOf(), probabilities));
            if (read is not null)
                fingerprints.Add(Fingerprint.Of(read()));
        }
        return new ReportedRows(input, content, counts, rows, fingerprints, options.CancellationToken);
    }

    /// <summary>What some rows are about, by their positions. Pictures are made small and freed.</summary>
    public Dictionary<long, ShownContent> ContentOf(IEnumerable<long> positions, IReadOnlyDictionary<long, HeatMap>? heat = null)
    {
        var shown = new Dictionary<long, ShownContent>();
        using var cursor = new PickedRows(_input, positions.ToHashSet()).GetRowCursor(_content.Columns);
        var read = _content.Open(cursor);
        while (cursor.MoveNext())
        {
            _cancellation.ThrowIfCancellationRequested();
            var content = read();
            using var picture = content.Picture;
            shown.Add(cursor.Position, new ShownContent(
                content.Name is { Length: > 0 } name ? name : $"row {cursor.Position}",
                picture is null ? null : Thumbnail.Of(picture),
                picture is not null && heat?.GetValueOrDefault(cursor.Position) is { } map ? Thumbnail.WithHeat(picture, map) : null,
                content.Text,
                content.SecondText));
        }
        return shown;
    }
}

/// <summary>What the page shows of a row.</summary>
internal sealed record ShownContent(string Name, Thumbnail? Picture, Thumbnail? Heat, string? Text, string? SecondText);
