using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The headings of a Markdown document, as the anchors that GitHub gives them.</summary>
static partial class Headings
{
    public static IEnumerable<string> Of(string document)
    {
        var seen = new Dictionary<string, int>();
        foreach (Match heading in Heading().Matches(Code().Replace(document.ReplaceLineEndings("\n"), "")))
        {
            var anchor = Punctuation().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var before = seen.GetValueOrDefault(anchor);
            seen[anchor] = before + 1;
            yield return before == 0 ? anchor : $"{anchor}-{before}";
        }
    }

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    // GitHub keeps letters, numbers, spaces, hyphens and underscores.
    [GeneratedRegex(@"[^\p{L}\p{N}\p{M} _-]")]
    private static partial Regex Punctuation();
}
