namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Reports on trained models, for people to read.</summary>
public static class HtmlReport
{
    /// <summary>Writes a report on a model as one HTML file, which appears, or is replaced, when it is complete. It needs no network and no other file.</summary>
    /// <remarks>The model scores the test rows, and the training rows where <see cref="HtmlReportOptions.SuspiciousLabels"/> is set; with the default options that takes less than the training as a rule. What takes longest are <see cref="HtmlReportOptions.Sharpness"/> and <see cref="HtmlReportOptions.Landscape"/>.</remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="ml">The context of ML.NET.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/> or <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="train">The rows that the model was trained on, as they go into it; null to leave out what needs them.</param>
    /// <param name="test">Rows with labels that it was not trained on, as they go into it.</param>
    /// <param name="options">What else to show, and how much; the defaults of <see cref="HtmlReportOptions"/> where it is null.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range, the model has no part of this library, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No test row has a label that the model knows, or the labels' keys are not the model's.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Write(string path, MLContext ml, ITransformer model, IDataView? train, IDataView test, HtmlReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new HtmlReportOptions();
        options.Check();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"Cannot write '{path}': there is no folder '{folder}'.");
        var page = ReportPage.Of(ml, model, train, test, options);
        WholeFile.Write(path, writer => writer.Write(page.Text));
    }
}
