namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>How the page shows single rows.</summary>
internal static class RowFigures
{
    const int LongestText = 600;

    /// <summary>A row with its picture or text.</summary>
    /// <param name="content">What it is about.</param>
    /// <param name="says">What there is to say of it.</param>
    /// <param name="explained">The class that the heat map or the marked words explain; null where there are none.</param>
    /// <param name="tokens">The words of the text with what they contribute; null where they are not known.</param>
    public static Markup Figure(ShownContent content, Markup says, string? explained = null, IReadOnlyList<TokenAttribution>? tokens = null) => Markup.Of($"""
        <figure class="row">{Pictures(content, explained)}{Texts(content, tokens)}<figcaption><bdi class="name">{content.Name}</bdi>{says}</figcaption></figure>
        """);

    /// <summary>The label, the prediction, and its probability.</summary>
    public static Markup Says(ScoredRow row, IReadOnlyList<string> classes) => row.IsCorrect
        ? Markup.Of($"<span>label and prediction <bdi>{classes[row.Label]}</bdi> ({Say.Percent(row.Confidence)})</span>")
        : Markup.Of($"<span>label <bdi>{classes[row.Label]}</bdi> ({Say.Percent(row.Scores[row.Label])}), predicted <bdi>{classes[row.Predicted]}</bdi> ({Say.Percent(row.Confidence)})</span>");

    public static Markup Grid(IEnumerable<Markup> figures, bool areTexts) => Markup.Of($"""<div class="rows {(areTexts ? "texts" : "pictures")}">{figures}</div>""");

    static Markup Pictures(ShownContent content, string? explained)
    {
        if (content.Picture is not { } picture)
            return content.Text is null ? Markup.Of($"""<span class="missing">no picture</span>""") : Markup.Empty;
        return Markup.Of($"""<span class="pair">{Image(picture, content.Name)}{(content.Heat is { } heat ? Image(heat, $"Grad-CAM for {explained}") : Markup.Empty)}</span>""");
    }

    static Markup Image(Thumbnail picture, string alternative) => Markup.Of($"""<img{Markup.Raw(picture.IsSmall ? " class=\"small\"" : "")} src="{picture.DataUri}" width="{picture.Width}" height="{picture.Height}" alt="{alternative}" decoding="async">""");

    static Markup Texts(ShownContent content, IReadOnlyList<TokenAttribution>? tokens)
    {
        if (content.Text is null)
            return Markup.Empty;
        var first = Text(content.Text, tokens?.Where(token => token.Sentence == 0), tokens);
        return content.SecondText is null ? first : Markup.Of($"{first}{Text(content.SecondText, tokens?.Where(token => token.Sentence == 1), tokens)}");
    }

    static Markup Text(string text, IEnumerable<TokenAttribution>? own, IReadOnlyList<TokenAttribution>? all)
    {
        var shown = text.Length > LongestText ? text[..LongestText] + "…" : text;
        return own is null || all!.Count == 0
            ? Markup.Of($"""<blockquote dir="auto">{(shown.Length == 0 ? "(no text)" : shown)}</blockquote>""")
            : Markup.Of($"""<blockquote dir="auto">{Marked(shown, own, all.Max(token => Math.Abs(token.Score)))}</blockquote>""");
    }

    // Each word that counts is marked, the more the stronger, with a line above for and one below against.
    static IEnumerable<Markup> Marked(string text, IEnumerable<TokenAttribution> tokens, double largest)
    {
        var end = 0;
        foreach (var token in tokens.OrderBy(token => token.Start))
        {
            if (token.Start < end || token.Start + token.Text.Length > text.Length)
                continue;
            yield return Markup.Of($"{text[end..token.Start]}");
            end = token.Start + token.Text.Length;
            var strength = largest > 0 ? Math.Abs(token.Score) / largest : 0;
            yield return strength < 0.1
                ? Markup.Of($"{token.Text}")
                : Markup.Of($"""<mark class="{(token.Score > 0 ? "for" : "against")}" style="--share:{Invariant($"{strength:0.00}")}" title="{Invariant($"{token.Score:+0.000;-0.000}")}">{token.Text}</mark>""");
        }
        yield return Markup.Of($"{text[end..]}");
    }
}
