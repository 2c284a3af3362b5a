namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>How sharp the minimum is.</summary>
internal static class SharpnessSection
{
    public static Section? Of(ReportContent content)
    {
        if (content.Options.Sharpness is not { } options)
            return null;
        content.Options.Progress?.Report("Measuring sharpness");
        var rows = content.Train ?? content.Test;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, content.Options.CancellationToken);
        var metrics = content.Ml.MulticlassClassification.EvaluateSharpness(content.Model.Classifier, rows.Input, options.Until(stop.Token));
        return new Section("sharpness", "Sharpness", Markup.Of($"""
            <p>How much the loss rises around the model's weights w, on {Say.Count(metrics.Rows, $"{(content.Train is null ? "test" : "training")} row")}. The smaller, the flatter. The numbers compare models of the same network on the same data; by themselves they say little.</p>
            {Table.Of("Sharpness measures", ["measure", "value", "what it means"], Measures(metrics), numbers: false)}
            """));
    }

    static IEnumerable<Markup[]> Measures(SharpnessMetrics metrics)
    {
        var (sharpness, adaptive, ball) = (metrics.Sharpness, metrics.AdaptiveSharpness, metrics.P == 2 ? "a ball" : "a cube");
        yield return Row("Loss", Say.Number(metrics.Loss), "The mean cross-entropy L(w) at the weights themselves.");
        yield return Row("Gradient norm", Say.Number(metrics.GradientNorm), "How steep the loss is at w; near 0 at the end of a training that has converged.");
        yield return Row("SAM's sharpness", Say.Number(sharpness.OneStep), $"How much the loss rises after one step uphill of length ρ = {Say.Number(sharpness.Rho)}: what SAM keeps small.");
        yield return Row("Worst case", Say.Number(sharpness.WorstCase), $"The highest rise that an ascent finds within {ball} of radius ρ = {Say.Number(sharpness.Rho)} around w.");
        if (sharpness.AverageCase is { } average)
            yield return Row("Average case", Say.Estimate(average), $"The mean rise when all weights are moved at random, each by about {Say.Number(sharpness.AverageDeviation)}.");
        yield return Row("Adaptive, one step", Say.Number(adaptive.OneStep), $"As SAM's sharpness, but each weight moves in proportion to its size, ρ = {Say.Number(adaptive.Rho)}: rescaling layers does not change it. It is what ASAM keeps small.");
        yield return Row("Adaptive, worst case", Say.Number(adaptive.WorstCase), "The highest rise that an ascent finds with moves in proportion to the weights.");
        if (sharpness.WorstCaseOfGroups is { } groups)
            yield return Row("m-sharpness", Say.Number(groups), $"The worst case for groups of {Say.Count(metrics.M ?? 0, "row")}, each with an ascent of its own, on average.");
        if (metrics.Eigenvalues.Count > 0)
            yield return Row("Largest eigenvalue", Say.Number(metrics.Eigenvalues[0].Value), "The curvature of the loss in its most curved direction. Above 2 / learning rate, plain gradient descent is unstable.");
        if (metrics.Trace is { } trace)
            yield return Row("Trace of the Hessian", Say.Estimate(trace), "The sum of the curvatures in all directions.");
    }

    static Markup[] Row(string name, string value, string meaning) => [Table.Cell(name), Table.Cell(value), Table.Cell(meaning)];
}

/// <summary>Pictures of the loss around the weights.</summary>
internal static class LandscapeSection
{
    const int PointsOfLine = 21;

    public static Section? Of(ReportContent content)
    {
        if (content.Options.Landscape is not { } options)
            return null;
        content.Options.Progress?.Report("Drawing the loss landscape");
        var rows = (content.Train ?? content.Test).Input;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, content.Options.CancellationToken);
        var line = Draw(content, rows, options, stop.Token, dimensions: 1, Math.Max(options.Points, PointsOfLine));
        var plane = options.Dimensions == 2 ? Draw(content, rows, options, stop.Token, dimensions: 2, options.Points) : null;
        return new Section("landscape", "Loss landscape", Markup.Of($"""
            <p>The loss on {Say.Count(line.Rows, $"{(content.Train is null ? "test" : "training")} row")} along random directions from the model's weights, in which each filter moves as far as it is long (Li et al. 2018).</p>
            <div class="charts"><div class="chart">{LandscapeCharts.Line(line)}</div>{(plane is null ? Markup.Empty : Markup.Of($"""<div class="chart">{LandscapeCharts.Plane(plane)}</div>"""))}</div>
            """));
    }

    static LossLandscape Draw(ReportContent content, IDataView rows, LossLandscapeOptions options, CancellationToken cancellation, int dimensions, int points)
    {
        var own = options.Until(cancellation);
        (own.Dimensions, own.Points) = (dimensions, points);
        return content.Ml.MulticlassClassification.LossLandscape(content.Model.Classifier, rows, own);
    }
}

/// <summary>Options of measurements, which are the caller's own.</summary>
internal static class MeasureOptionsExtensions
{
    /// <summary>A copy that another token ends.</summary>
    public static TOptions Until<TOptions>(this TOptions options, CancellationToken cancellation)
        where TOptions : MeasureOptions, new()
    {
        var copy = new TOptions();
        foreach (var field in typeof(TOptions).GetFields())
            field.SetValue(copy, field.GetValue(options));
        copy.CancellationToken = cancellation;
        return copy;
    }
}
