using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

public sealed partial class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly ConcatenatedColumn[] _columns;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, ConcatenatedColumn[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingTransformer)))
        => _columns = columns;

    internal static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        var count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count > 0);
        return new ColumnConcatenatingTransformer(env, [.. Enumerable.Range(0, count).Select(_ => ConcatenatedColumn.Load(ctx))]);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: RealAssembly.Data,
        loaderSignatureAlt: "ConcatFunction");

    [InternalInMlNet]
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_columns.Length);
        foreach (var column in _columns)
            column.Save(ctx);
    }

    [InternalInMlNet]
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);
}
