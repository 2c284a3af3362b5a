using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

namespace Microsoft.ML;

/// <summary>How sharp the minimum is that a model of this library was trained into.</summary>
public static class SharpnessMeasuresCatalog
{
    /// <summary>Measures how the loss behaves around a model's weights: its sharpness in several senses, and its curvature. The model itself is not touched.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/> or <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>, with labels: the training rows, as a rule.</param>
    /// <param name="options">What to measure; the defaults of <see cref="SharpnessOptions"/> where it is null.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range, the model has no part of this library, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The labels are not those of the model, or there is no row to measure on.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static SharpnessMetrics EvaluateSharpness(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, SharpnessOptions? options = null) =>
        Measurement.Run(CatalogUtils.GetEnvironment(catalog), nameof(EvaluateSharpness), model, data, options ?? new SharpnessOptions(), SharpnessMeter.Measure);

    /// <summary>The loss along one or two random directions from a model's weights, filter-normalised. The model itself is not touched.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/> or <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>, with labels.</param>
    /// <param name="options">What to draw; the defaults of <see cref="LossLandscapeOptions"/> where it is null.</param>
    /// <inheritdoc cref="EvaluateSharpness" path="/exception"/>
    public static LossLandscape LossLandscape(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, LossLandscapeOptions? options = null) =>
        Measurement.Run(CatalogUtils.GetEnvironment(catalog), nameof(LossLandscape), model, data, options ?? new LossLandscapeOptions(), Surveyor.Survey);
}
