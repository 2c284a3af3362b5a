using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

namespace Microsoft.ML;

/// <summary>Trainers with Sharpness-Aware Minimization for ML.NET pipelines.</summary>
public static class SharpnessAwareCatalog
{
    /// <summary>Trains a network on images with Sharpness-Aware Minimization, to predict a key column.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="featureColumnName">The image column: encoded images (vector of bytes), images, or a vector of Single.</param>
    /// <param name="scoreColumnName">The column of probabilities that is added.</param>
    /// <param name="predictedLabelColumnName">The key column of predicted labels that is added.</param>
    /// <param name="validationSet">Rows to validate on; by default a tenth of the training rows.</param>
    /// <param name="variant">The method by name; <see cref="SamVariant.Sam"/> by default.</param>
    /// <param name="rho">The radius ρ of the perturbation; null for the default of the variant.</param>
    /// <param name="sharpness">The method as a rule, in place of <paramref name="variant"/> and <paramref name="rho"/>.</param>
    /// <param name="network">The network; null for one that suits the images.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range, or two contradict each other.</exception>
    public static SamImageTrainer SamImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        IDataView? validationSet = null,
        SamVariant? variant = null,
        double? rho = null,
        SharpnessRule? sharpness = null,
        ImageNetwork? network = null) =>
        catalog.SamImage(new SamImageTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
            Sharpness = SamVariants.Rule(variant, rho, sharpness),
            Network = network,
        });

    /// <summary>Trains a network on images with Sharpness-Aware Minimization, to predict a key column.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="options">All settings; copied here, so that later changes have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range; the message lists all of them.</exception>
    public static SamImageTrainer SamImage(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SamImageTrainer.Options options) =>
        new(CatalogUtils.GetEnvironment(catalog), options);

    /// <summary>Trains a network on texts with Sharpness-Aware Minimization, to predict a key column.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="labelColumnName">The label column, a key.</param>
    /// <param name="scoreColumnName">The column of probabilities that is added.</param>
    /// <param name="outputColumnName">The key column of predicted labels that is added.</param>
    /// <param name="sentence1ColumnName">The column of texts.</param>
    /// <param name="sentence2ColumnName">The column of second texts, if rows are pairs of texts; null for none.</param>
    /// <param name="batchSize">The batch size, in rows; null for one that suits the network and the number of rows.</param>
    /// <param name="maxEpochs">The most passes over the training rows; null for a number that suits the network and the number of rows.</param>
    /// <param name="validationSet">Rows to validate on; by default a tenth of the training rows.</param>
    /// <param name="variant">The method by name; <see cref="SamVariant.Sam"/> by default.</param>
    /// <param name="rho">The radius ρ of the perturbation; null for the default of the variant.</param>
    /// <param name="sharpness">The method as a rule, in place of <paramref name="variant"/> and <paramref name="rho"/>.</param>
    /// <param name="network">The network; null for a <see cref="TextTransformer"/> with fresh weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range, or two contradict each other.</exception>
    public static SamTextTrainer SamText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string outputColumnName = DefaultColumnNames.PredictedLabel,
        string sentence1ColumnName = SamTextTrainer.Options.DefaultSentence1ColumnName,
        string? sentence2ColumnName = null,
        int? batchSize = null,
        int? maxEpochs = null,
        IDataView? validationSet = null,
        SamVariant? variant = null,
        double? rho = null,
        SharpnessRule? sharpness = null,
        TextNetwork? network = null) =>
        catalog.SamText(new SamTextTrainer.Options
        {
            LabelColumnName = labelColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = outputColumnName,
            Sentence1ColumnName = sentence1ColumnName,
            Sentence2ColumnName = sentence2ColumnName,
            BatchSize = batchSize,
            Epoch = maxEpochs,
            ValidationSet = validationSet,
            Sharpness = SamVariants.Rule(variant, rho, sharpness),
            Network = network ?? new TextTransformer(),
        });

    /// <summary>Trains a network on texts with Sharpness-Aware Minimization, to predict a key column.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="options">All settings; copied here, so that later changes have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range; the message lists all of them.</exception>
    public static SamTextTrainer SamText(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SamTextTrainer.Options options) =>
        new(CatalogUtils.GetEnvironment(catalog), options);
}

/// <summary>Measures of the sharpness of the minimum of a trained model.</summary>
public static class SharpnessMeasuresCatalog
{
    /// <summary>Measures the loss around the weights of a model: its sharpness in several senses, and its curvature. The model is not changed.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/> or <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>, with labels: usually the training rows.</param>
    /// <param name="options">What to measure; null for the defaults of <see cref="SharpnessOptions"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range, the model contains no model of this library, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The labels are not those of the model, or there is no row to measure on.</exception>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public static SharpnessMetrics EvaluateSharpness(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, SharpnessOptions? options = null) =>
        Measurement.Run(CatalogUtils.GetEnvironment(catalog), nameof(EvaluateSharpness), model, data, options ?? new SharpnessOptions(), SharpnessMeter.Measure);

    /// <summary>The loss along one or two random directions from a model's weights, filter-normalised. The model is not changed.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/> or <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>, with labels.</param>
    /// <param name="options">What to compute; null for the defaults of <see cref="LossLandscapeOptions"/>.</param>
    /// <inheritdoc cref="EvaluateSharpness" path="/exception"/>
    public static LossLandscape LossLandscape(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, LossLandscapeOptions? options = null) =>
        Measurement.Run(CatalogUtils.GetEnvironment(catalog), nameof(LossLandscape), model, data, options ?? new LossLandscapeOptions(), LandscapeSampler.Sample);
}

/// <summary>Why a model of this library predicts what it predicts.</summary>
public static class SharpnessExplanationsCatalog
{
    /// <summary>Where in each image the network finds a class, by Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391). The model itself is not touched.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamImageTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>; labels are not needed.</param>
    /// <param name="options">Which rows, and for which class; all rows and the predicted class where it is null.</param>
    /// <returns>An explanation for each row whose image can be used, in the order of the rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range, the model is no classifier of images, or has no such class, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The network has no layer with feature maps near its end, as a vision transformer has none; or an image cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyList<ImageExplanation> ExplainImages(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, ExplainImagesOptions? options = null) =>
        Explainer.Images(CatalogUtils.GetEnvironment(catalog), model, data, options ?? new ExplainImagesOptions());

    /// <summary>Which words of each text speak for a class and which against it, by integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365) on the embeddings of tokens. The model itself is not touched.</summary>
    /// <param name="catalog">The multiclass catalog.</param>
    /// <param name="model">A model of <see cref="SamTextTrainer"/>, or a pipeline with one.</param>
    /// <param name="data">Rows as they go into <paramref name="model"/>; labels are not needed.</param>
    /// <param name="options">Which rows, and for which class; all rows and the predicted class where it is null.</param>
    /// <returns>An explanation for each row that has a text, in the order of the rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range, the model is no classifier of texts, or has no such class, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The network has no layer that embeds tokens; or a text is empty where the model does not allow it.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyList<TextExplanation> ExplainTexts(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView data, ExplainTextsOptions? options = null) =>
        Explainer.Texts(CatalogUtils.GetEnvironment(catalog), model, data, options ?? new ExplainTextsOptions());
}
