namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Tables whose first column names their rows.</summary>
internal static class Table
{
    /// <summary>A table that scrolls by itself where it is too wide.</summary>
    /// <param name="caption">What it is.</param>
    /// <param name="heads">The heads of the columns.</param>
    /// <param name="rows">The cells of each row.</param>
    /// <param name="numbers">Whether all columns but the first hold numbers.</param>
    public static Markup Of(string caption, IEnumerable<string> heads, IEnumerable<IReadOnlyList<Markup>> rows, bool numbers = true) => Scrolling(caption, Markup.Of($"""
        <table{Markup.Raw(numbers ? " class=\"numbers\"" : "")}><caption>{caption}</caption><thead><tr>{heads.Select(head => Markup.Of($"""<th scope="col">{head}</th>"""))}</tr></thead>
        <tbody>{rows.Select(Row)}</tbody></table>
        """));

    /// <summary>A table of our own in a place that can be scrolled by keyboard.</summary>
    public static Markup Scrolling(string name, Markup table) => Markup.Of($"""<div class="scroll" role="group" aria-label="{name}" tabindex="0">{table}</div>""");

    public static Markup Cell(string? text) => Markup.Of($"{text}");

    /// <summary>A name that came with the data, which may be written from right to left.</summary>
    public static Markup Name(string text) => Markup.Of($"<bdi>{text}</bdi>");

    static Markup Row(IReadOnlyList<Markup> cells) => Markup.Of($"""<tr><th scope="row">{cells[0]}</th>{cells.Skip(1).Select(cell => Markup.Of($"<td>{cell}</td>"))}</tr>""");
}
