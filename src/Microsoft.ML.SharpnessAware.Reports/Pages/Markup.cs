using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>HTML. What is put into it is encoded, unless it is markup already.</summary>
internal readonly record struct Markup(string Text)
{
    public static Markup Empty => new("");

    public static Markup Of(MarkupHandler html) => new(html.ToString());

    /// <summary>HTML of our own, or of a program that has encoded what is in it.</summary>
    public static Markup Raw(string html) => new(html);

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;
}

/// <summary>Puts an interpolated string together as HTML, with all that is interpolated encoded.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler
{
    // Letters of all scripts stay readable; what HTML gives a meaning to, and what cannot be shown, does not stay.
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder _html;

    public MarkupHandler(int literalLength, int formattedCount) => _html = new StringBuilder(literalLength + 16 * formattedCount);

    public void AppendLiteral(string html) => _html.Append(html);

    public void AppendFormatted(Markup html) => _html.Append(html.Text);

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
            _html.Append(part.Text);
    }

    public void AppendFormatted(string? text) => _html.Append(Encoder.Encode(text ?? ""));

    public void AppendFormatted(int number) => _html.Append(Invariant($"{number}"));

    public override string ToString() => _html.ToString();
}
