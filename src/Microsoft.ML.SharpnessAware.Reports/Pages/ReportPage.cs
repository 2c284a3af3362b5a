using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>A part of the page, with a heading and a place in the list of contents.</summary>
internal sealed record Section(string Id, string Title, Markup Body);

/// <summary>What the sections show.</summary>
internal sealed class ReportContent
{
    public ReportContent(MLContext ml, ITransformer model, IDataView? train, IDataView test, HtmlReportOptions options)
    {
        (Ml, Options, Model) = (ml, options, ReportedModel.Of(model));
        options.Progress?.Report("Scoring the test rows");
        Test = ReportedRows.Read(Model, test, options, countOnly: false);
        if (Test.Rows.Count == 0)
            throw new InvalidOperationException($"There is nothing to report on: no test row has a label in column '{Model.Facts.LabelColumnName}' that the model knows, and an input that it can use.");
        options.Progress?.Report("Reading the training rows");
        Train = train is null ? null : ReportedRows.Read(Model, train, options, countOnly: !options.NearDuplicates && !options.SuspiciousLabels);
        Confusion = new ConfusionMatrix(Test.Rows, Classes);
        Calibration = new Calibration(Test.Rows, options.CalibrationBins);
    }

    public MLContext Ml { get; }

    public HtmlReportOptions Options { get; }

    public ReportedModel Model { get; }

    public ReportedRows Test { get; }

    public ReportedRows? Train { get; }

    public ConfusionMatrix Confusion { get; }

    public Calibration Calibration { get; }

    public IReadOnlyList<string> Classes => Model.Facts.Classes;

    public bool AreTexts => !Model.ReadsImages;
}

/// <summary>The whole page.</summary>
internal static class ReportPage
{
    public static Markup Of(MLContext ml, ITransformer model, IDataView? train, IDataView test, HtmlReportOptions options)
    {
        var content = new ReportContent(ml, model, train, test, options);
        Func<ReportContent, Section?>[] parts =
        [
            SummarySection.Of, DataSection.Of, OptionsSection.Of, EpochsSection.Of, ConfusionSection.Of, ClassesSection.Of, CalibrationSection.Of,
            LossesSection.Of, PairsSection.Of, SuspiciousSection.Of, DuplicatesSection.Of, SharpnessSection.Of, LandscapeSection.Of,
        ];
        var sections = new List<Section>();
        foreach (var part in parts)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            if (part(content) is { } section)
                sections.Add(section);
        }
        return Page(content, sections);
    }

    static Markup Page(ReportContent content, IReadOnlyList<Section> sections)
    {
        var (style, script) = (Resource("report.css"), Resource("report.js"));
        // Whatever a file name or a text may do, the page loads nothing and runs no script but this one.
        var policy = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{content.Options.Title}</title>
            <style>{Markup.Raw(style)}</style>
            <noscript><style>.cell[hidden] {Markup.Raw("{ display: block !important; }")}</style></noscript>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            <header>
            <h1>{content.Options.Title}</h1>
            <p>{content.Model.Facts.Network}, {content.Model.Facts.Input}. Written {content.Options.Time.GetUtcNow().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)} UTC.</p>
            </header>
            <nav aria-label="Contents"><ul>{sections.Select(section => Markup.Of($"""<li><a href="#{section.Id}">{section.Title}</a></li>"""))}</ul></nav>
            <main id="main" tabindex="-1">
            {sections.Select(Shown)}
            </main>
            <footer><p>Written by Microsoft.ML.SharpnessAware.Reports {LibraryVersion.Text.Split('+')[0]}.</p></footer>
            <script>{Markup.Raw(script)}</script>
            </body>
            </html>

            """);
    }

    static Markup Shown(Section section) => Markup.Of($"""
        <section aria-labelledby="{section.Id}">
        <h2 id="{section.Id}">{section.Title}</h2>
        {section.Body}
        </section>

        """);

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
