using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>From the arguments of a catalog's method to what is measured.</summary>
internal static class Measurement
{
    const int SameSeedForAll = 1;

    public static TResult Run<TOptions, TResult>(IHostEnvironment env, string name, ITransformer model, IDataView data, TOptions options, Func<LossSurface, TOptions, Seeds, TResult> measure)
        where TOptions : MeasureOptions
    {
        var host = env.Register(name);
        host.CheckValue(model, nameof(model));
        host.CheckValue(data, nameof(data));
        var settings = OptionFaults.CheckedCopy(options, host);
        var seed = settings.Seed ?? HostSettings.Of(host).Seed ?? SameSeedForAll;
        var seeds = new Seeds(seed);

        using var channel = host.Start("Measuring");
        using var measured = MeasuredModel.Open(host, model, data, settings, seeds);
        channel.Info(MessageSensitivity.None, $"Measuring {measured.Surface.Weights.numel()} weights on {measured.Surface.Rows} rows, seed {seed}.");
        return measure(measured.Surface, settings, seeds);
    }
}

/// <summary>Some rows of a data view, by their positions in it, in its order.</summary>
/// <remarks>Positions are counted here, as rows are read: a cursor's own differ between one that reads alone and those that read side by side, where the data are themselves some rows of others.</remarks>
internal sealed class DrawnRows(IDataView data, long[] positions) : IDataView
{
    /// <summary>The error where the data have no row at a position; their number of rows is the second argument.</summary>
    public Func<long, long, Exception> Missing { get; init; } = (position, _) => new InvalidOperationException($"The data had a row {position} (counting from 0) when the rows to measure on were drawn, and has none when they are read. Give data that can be read several times, such as mlContext.Data.Cache(data).");

    public DataViewSchema Schema => data.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => positions.Length;

    /// <summary>So many rows that have a label, drawn by the seed; null for all of them.</summary>
    /// <remarks>Reads the label column alone: whatever makes the others is not run for rows that are not drawn.</remarks>
    public static DrawnRows Of(IDataView data, DataViewSchema.Column label, int? count, long seed, Action checkAlive)
    {
        var labelled = Labelled(data, label, checkAlive);
        if (count is null || count >= labelled.Count)
            return new DrawnRows(data, [.. labelled]);
        var drawn = RowOrder.Of(labelled.Count, seed)[..count.Value];
        return new DrawnRows(data, [.. drawn.Select(i => labelled[i]).Order()]);
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(data.GetRowCursor(columnsNeeded), positions, Missing);

    /// <remarks>One cursor, and of the data one as well where they can give it: such reads nothing ahead.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        var cursors = data.GetRowCursorSet(columns, n: 1);
        if (cursors is [var one])
            return [new Cursor(one, positions, Missing)];
        foreach (var cursor in cursors)
            cursor.Dispose();
        return [GetRowCursor(columns)];
    }

    static List<long> Labelled(IDataView data, DataViewSchema.Column column, Action checkAlive)
    {
        using var cursor = data.GetRowCursor([column]);
        var label = LabelReader.Open(cursor, column);
        var positions = new List<long>();
        for (var position = 0L; cursor.MoveNext(); position++)
        {
            checkAlive();
            if (label() != 0)
                positions.Add(position);
        }
        return positions;
    }

    /// <summary>Stands on the rows at those positions only, and tells where they are in the data.</summary>
    sealed class Cursor(DataViewRowCursor rows, long[] positions, Func<long, long, Exception> missing) : PassingCursor(rows)
    {
        int _next;
        long _read;

        public override long Position => _read - 1;

        public override bool MoveNext()
        {
            if (_next == positions.Length)
                return false;
            while (Rows.MoveNext())
            {
                if (_read++ != positions[_next])
                    continue;
                _next++;
                return true;
            }
            throw missing(positions[_next], _read);
        }
    }
}

/// <summary>The part of a model that can be measured.</summary>
internal static class MeasurablePart
{
    /// <summary>The model itself or the last of its parts that can be measured, and the data as they come to it.</summary>
    /// <param name="context">Whose errors they are.</param>
    /// <param name="model">The model.</param>
    /// <param name="data">The rows, as they go into <paramref name="model"/>.</param>
    /// <param name="done">What is to be done with the part, for the error: "measured".</param>
    /// <exception cref="ArgumentOutOfRangeException">No part can be.</exception>
    public static (IMeasurable Model, IDataView Input) Find(IExceptionContext context, ITransformer model, IDataView data, string done)
    {
        var parts = PartsOf(model).ToArray();
        var last = Array.FindLastIndex(parts, part => part is IMeasurable);
        if (last < 0)
            throw context.ExceptUserArg(nameof(model), $"Only models of SamImage and SamText, and pipelines with one, can be {done}. This one consists of {string.Join(", ", parts.Select(part => part.GetType().Name))}.");
        return ((IMeasurable)parts[last], parts[..last].Aggregate(data, (view, part) => part.Transform(view)));
    }

    static IEnumerable<ITransformer> PartsOf(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(PartsOf) : [model];
}

/// <summary>A copy of a model's network, over rows of some data: measuring may move its weights, and the model goes on as it is.</summary>
internal sealed class MeasuredModel : IDisposable
{
    readonly nn.Module<Tensor, Tensor> _network;
    readonly IExamples _examples;
    readonly FlatWeights _weights;

    MeasuredModel(nn.Module<Tensor, Tensor> network, IExamples examples, MeasureOptions options, Action checkAlive)
    {
        (_network, _examples) = (network, examples);
        _weights = new FlatWeights(network);
        Surface = new LossSurface(network, _weights, new NetworkLosses(network, examples, _weights.Values.device)
        {
            BatchSize = options.BatchSize,
            Precision = _weights.Values.dtype,
            NormalizeLogits = options.NormalizeLogits,
            CheckAlive = checkAlive,
        });
    }

    public LossSurface Surface { get; }

    /// <param name="host">Whose environment it is.</param>
    /// <param name="model">A model of this library, or a chain with one.</param>
    /// <param name="data">The rows, as they go into <paramref name="model"/>.</param>
    /// <param name="options">Which rows, and how precisely.</param>
    /// <param name="seeds">Draws the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model, or a column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The labels are not the model's, or there is no row to measure on.</exception>
    public static MeasuredModel Open(IHost host, ITransformer model, IDataView data, MeasureOptions options, Seeds seeds)
    {
        var (measurable, input) = MeasurablePart.Find(host, model, data, "measured");
        Libtorch.CheckGradients();
        measurable.GetOutputSchema(input.Schema);
        var classifier = measurable.Classifier;
        var rows = DrawnRows.Of(input, LabelIn(input.Schema, classifier, host), options.Rows, seeds.For("rows"), CheckAlive);
        if (rows.GetRowCount() == 0)
            throw host.Except($"There is nothing to measure on: no row has a label in column '{classifier.Columns.Label}' that the model knows. It knows {Listing.OfNames(classifier.Classes.Names)}.");

        var examples = classifier.Load(rows, host, CheckAlive);
        nn.Module<Tensor, Tensor>? network = null;
        try
        {
            network = classifier.CopyNetwork(options.DoublePrecision ? ScalarType.Float64 : ScalarType.Float32);
            return new MeasuredModel(network, examples, options, CheckAlive);
        }
        catch
        {
            network?.Dispose();
            examples.Dispose();
            throw;
        }

        void CheckAlive()
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            host.CheckAlive();
        }
    }

    public void Dispose()
    {
        _weights.Dispose();
        _network.Dispose();
        _examples.Dispose();
    }

    static DataViewSchema.Column LabelIn(DataViewSchema input, Classifier model, IHost host)
    {
        ClassifierSchema.LabelIn(SchemaShape.Create(input), model.Columns.Label, host);
        var label = input[model.Columns.Label];
        if (model.Classes.DifferenceOf(LabelClasses.Of(label)) is { } difference)
            throw host.Except($"The key values of column '{label.Name}' are not those that the model was trained on: {difference}. Make them with the fitted MapValueToKey that made those.");
        return label;
    }
}
