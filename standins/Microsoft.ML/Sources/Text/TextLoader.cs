using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads text files of one line per row and one separator between fields.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options = null, IMultiStreamSource dataSample = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register("TextLoader");
        options ??= new Options();
        dataSample ??= new MultiFileSource(null);
        RefuseWhatIsMissing(options);
        _format = new TextFormat(_host, options);
        var sample = new TextSample(_format, dataSample);
        _columns = TextColumn.Bind(_host, options.Columns is { Length: > 0 } columns ? columns : ColumnsOf(dataSample), _format, sample);
        _schema = MakeSchema(sample);
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source) => new TextDataView(_host, _format, _columns, _schema, source);

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw new NotSupportedException("Saving a text loader is not part of this stand-in of ML.NET. Save the model with its input schema.");

    internal static TextLoader CreateTextLoader<TInput>(IHostEnvironment host, Options options, IMultiStreamSource dataSample = null)
    {
        var members = RowMembers.Of(typeof(TInput), SchemaDefinition.Direction.Read).ToArray();
        if (members.Length == 0)
            throw host.ExceptParam(nameof(TInput), $"Should define at least one public, readable field or property in {nameof(TInput)}.");
        options ??= new Options();
        options.Columns = [.. members.Select(member => TextColumn.OfMember(host, member))];
        return new TextLoader(host, options, dataSample);
    }

    private static Column[] ColumnsOf(IMultiStreamSource source)
    {
        if (TextLines.HasEmbeddedSchema(source))
            throw new NotSupportedException("Reading the columns from the file itself ('#@' lines) is not part of this stand-in of ML.NET. Name the columns.");
        return
        [
            new() { Name = "Label", Source = [new Range(0)] },
            new() { Name = "Features", Source = [new Range(1, null)] },
        ];
    }

    private static void RefuseWhatIsMissing(Options options)
    {
        RefuseIf(options.AllowSparse, "sparse fields (AllowSparse)");
        RefuseIf(options.ReadMultilines, "fields of several lines (ReadMultilines)");
        RefuseIf(!string.IsNullOrWhiteSpace(options.HeaderFile), "a header in a file of its own (HeaderFile)");

        static void RefuseIf(bool wanted, string what)
        {
            if (wanted)
                throw new NotSupportedException($"Reading {what} is not part of this stand-in of ML.NET.");
        }
    }

    private DataViewSchema MakeSchema(TextSample sample)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
        {
            var names = column.SlotNames(sample.HeaderFields);
            if (names == null)
            {
                builder.AddColumn(column.Name, column.Type);
                continue;
            }

            var slotNames = new VBuffer<ReadOnlyMemory<char>>(names.Length, names);
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.AddSlotNames(names.Length, slotNames.CopyTo);
            builder.AddColumn(column.Name, column.Type, annotations.ToAnnotations());
        }

        return builder.ToSchema();
    }
}
