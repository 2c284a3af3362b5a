using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Adds the columns of a classifier to rows of one schema, row by row.</summary>
internal sealed class ClassifierMapper : IRowMapper
{
    readonly ITransformer _transformer;
    readonly Classifier _classifier;
    readonly ClassifierInput _input;
    readonly DataViewSchema.DetachedColumn[] _columns;

    public ClassifierMapper(ITransformer transformer, Classifier classifier, DataViewSchema input, IExceptionContext context)
    {
        (_transformer, _classifier) = (transformer, classifier);
        _input = classifier.InputOf(input, context);
        _columns = [.. classifier.Columns.Added.Select(name => ClassifierSchema.Added(name, classifier, input))];
    }

    DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns() => _columns;

    Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput) =>
        column => _input.Columns.Any(read => read.Index == column) && Enumerable.Range(0, _columns.Length).Any(activeOutput);

    Delegate?[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
    {
        _classifier.ThrowIfDisposed();
        disposer = null;
        var getters = new Delegate?[_columns.Length];
        int[] active = [.. Enumerable.Range(0, _columns.Length).Where(activeOutput)];
        if (active.Length == 0)
            return getters;
        var scores = new RowScores(_classifier, input, _input.Open(input));
        foreach (var column in active)
            getters[column] = scores.GetterOf(_columns[column].Name);
        return getters;
    }

    ITransformer IRowMapper.GetTransformer() => _transformer;

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);
}
