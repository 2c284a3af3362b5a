using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Adds Score and PredictedLabel to rows of one schema, row by row.</summary>
internal sealed class SamImageMapper : IRowMapper
{
    const int Score = 0;
    const int PredictedLabel = 1;

    readonly SamImageTransformer _transformer;
    readonly ImageClassifier _classifier;
    readonly DataViewSchema.Column _image;
    readonly ImageReader _reader;
    readonly DataViewSchema.DetachedColumn[] _columns;

    public SamImageMapper(SamImageTransformer transformer, ImageClassifier classifier, LabelClasses classes, DataViewSchema input, IExceptionContext context)
    {
        var names = classifier.Model.Columns;
        FeatureColumn.Check(SchemaShape.Create(input), names.Feature, context);
        _transformer = transformer;
        _classifier = classifier;
        _image = input[names.Feature];
        _reader = ImageReader.For(_image);
        CheckFit(context);
        _columns = [ClassifierSchema.Score(names.Score, classes, input), ClassifierSchema.PredictedLabel(names.PredictedLabel, classes, input)];
    }

    DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns() => _columns;

    Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput) =>
        column => column == _image.Index && (activeOutput(Score) || activeOutput(PredictedLabel));

    Delegate?[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
    {
        _classifier.ThrowIfDisposed();
        disposer = null;
        if (!activeOutput(Score) && !activeOutput(PredictedLabel))
            return [null, null];
        var scores = new RowScores(_classifier, input, _reader.Open(input, _image));
        return [activeOutput(Score) ? scores.ScoreGetter : null, activeOutput(PredictedLabel) ? scores.PredictedLabelGetter : null];
    }

    ITransformer IRowMapper.GetTransformer() => _transformer;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);

    void CheckFit(IExceptionContext context)
    {
        var model = _classifier.Model;
        var asPixels = model.Pixels == ScalarType.Float32;
        if (_reader.Element != model.Pixels || asPixels && ((VectorDataViewType)_image.Type).Size != model.Shape.Count)
            throw context.ExceptSchemaMismatch("input", "feature", _image.Name, asPixels ? $"the pixels that the model was trained on, Vector<Single, {model.Shape.Count}>" : "images, which the model was trained on", _image.Type.ToString());
    }
}
