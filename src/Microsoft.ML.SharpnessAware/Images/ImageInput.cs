using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The image column that a classifier reads.</summary>
internal sealed class ImageInput : ClassifierInput
{
    readonly ImageModel _model;
    readonly DataViewSchema.Column _column;
    readonly ImageReader _reader;

    public ImageInput(ImageModel model, DataViewSchema schema, IExceptionContext context)
    {
        FeatureColumn.Check(SchemaShape.Create(schema), model.Columns.Feature, context);
        _model = model;
        _column = schema[model.Columns.Feature];
        _reader = ImageReader.For(_column, model.MaxMegapixels);
        CheckFit(context);
    }

    public override IReadOnlyList<DataViewSchema.Column> Columns => [_column];

    public override DataViewRowCursor Cursor(IDataView data) => _reader.Cursor(data, _column);

    public override IRowIntake Open(DataViewRow row) => new ImageIntake(_model, _reader.Open(row, _column));

    void CheckFit(IExceptionContext context)
    {
        var asPixels = _model.Pixels == ScalarType.Float32;
        if (_reader.Element != _model.Pixels || asPixels && ((VectorDataViewType)_column.Type).Size != _model.Shape.Count)
            throw context.ExceptSchemaMismatch("input", "feature", _column.Name, asPixels ? $"the pixels that the model was trained on, Vector<Single, {_model.Shape.Count}>" : "images, which the model was trained on", _column.Type.ToString());
    }
}
