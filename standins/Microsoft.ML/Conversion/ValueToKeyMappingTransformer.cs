using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Term Transform", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Puts the place of a value in the list of known values for the value; 0 for one that is not known.</summary>
public sealed partial class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private const string Vocabulary = "Vocabulary";
    private const string HostName = "Term";

    private readonly TermMap[] _maps;
    private readonly bool[] _textAnnotations;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, IDataView input, KeyColumn[] columns, IDataView keyData)
        : base(Contracts.CheckRef(env, nameof(env)).Register(HostName), [.. columns.Select(column => (column.OutputName, column.InputName))])
    {
        using var channel = Host.Start("Training");
        var types = ColumnPairs.Select(pair => InputType(input.Schema, pair.inputColumnName)).ToArray();
        var training = new TermTraining(Host, channel, columns, types);
        _maps = keyData == null ? training.Train(input) : training.Take(keyData);
        _textAnnotations = [.. columns.Select(column => column.TextAnnotations)];
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _textAnnotations = [.. ctx.Reader.ReadBytes(ColumnPairs.Length).Select(value => value != 0)];
        _maps = new TermMap[ColumnPairs.Length];
        if (!ctx.TryProcessSubModel(Vocabulary, LoadMaps))
            throw host.ExceptDecode("Missing {0} model", Vocabulary);
    }

    internal static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        var host = env.Register(HostName);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ValueToKeyMappingTransformer(host, ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "TERMTRNF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: RealAssembly.Data);

    private static VersionInfo GetVocabularyVersionInfo() => new(
        modelSignature: "TERM MAN",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: "TermManager",
        loaderAssemblyName: RealAssembly.Data);

    [InternalInMlNet]
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
        foreach (var flag in _textAnnotations)
            ctx.Writer.Write(flag);
        ctx.SaveSubModel(Vocabulary, SaveMaps);
    }

    [InternalInMlNet]
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private void SaveMaps(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVocabularyVersionInfo());
        ctx.Writer.Write(_maps.Length);
        foreach (var map in _maps)
            map.Save(ctx, Host);
        ctx.SaveTextStream("Terms.txt", writer =>
        {
            foreach (var map in _maps)
                map.WriteText(writer);
        });
    }

    private void LoadMaps(ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVocabularyVersionInfo());
        Host.CheckDecode(ctx.Reader.ReadInt32() == _maps.Length);
        for (var i = 0; i < _maps.Length; i++)
            _maps[i] = TermMap.Load(ctx, Host);
    }

    private DataViewType InputType(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);
        var itemType = column.Type.GetItemType();
        if (itemType is KeyDataViewType)
            throw new NotSupportedException($"Mapping the key column '{name}' to a key is not part of this stand-in of ML.NET.");
        if (!itemType.IsStandardScalar())
            throw Host.ExceptSchemaMismatch("inputSchema", "input", name, "standard type or a vector of standard type", column.Type.ToString());
        return column.Type;
    }
}
