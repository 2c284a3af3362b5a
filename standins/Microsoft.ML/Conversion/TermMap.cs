using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The known values of a column; the key of each is its place, from 1 on.</summary>
internal abstract class TermMap(PrimitiveDataViewType itemType)
{
    private const byte TextCode = 0;
    private const byte CodecCode = 1;

    public PrimitiveDataViewType ItemType { get; } = itemType;

    public KeyDataViewType OutputType => new(typeof(uint), Math.Max(1, Count));

    public abstract int Count { get; }

    public static TermMap Create(PrimitiveDataViewType itemType) => Utils.MarshalInvoke<TermMap>(itemType.RawType, Create<int>, itemType);

    public static TermMap Load(ModelLoadContext ctx, IHost host)
    {
        var code = ctx.Reader.ReadByte();
        host.CheckDecode(code is TextCode or CodecCode);
        return code == TextCode ? LoadText(ctx, host) : LoadCodec(ctx, host);
    }

    public void Save(ModelSaveContext ctx, IHost host)
    {
        ctx.Writer.Write(ItemType is TextDataViewType ? TextCode : CodecCode);
        SaveTerms(ctx, host);
    }

    public abstract void Sort();

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText);

    public abstract void WriteText(TextWriter writer);

    protected abstract void SaveTerms(ModelSaveContext ctx, IHost host);

    protected abstract void LoadTerms(ModelLoadContext ctx, IHost host, IValueCodec codec);

    private static TermMap Create<T>(PrimitiveDataViewType itemType) => new TermMap<T>(itemType);

    private static TermMap<ReadOnlyMemory<char>> LoadText(ModelLoadContext ctx, IHost host)
    {
        var map = new TermMap<ReadOnlyMemory<char>>(TextDataViewType.Instance);
        var count = ctx.Reader.ReadInt32();
        host.CheckDecode(count >= 0);
        for (var i = 0; i < count; i++)
            host.CheckDecode(map.TryAdd(ctx.LoadNonEmptyString().AsMemory()));
        return map;
    }

    private static TermMap LoadCodec(ModelLoadContext ctx, IHost host)
    {
        if (!new CodecFactory(host).TryReadCodec(ctx.Reader.BaseStream, out var codec))
            throw host.Except("Unrecognized codec read");
        host.CheckDecode(codec.Type is PrimitiveDataViewType);
        var map = Create((PrimitiveDataViewType)codec.Type);
        map.LoadTerms(ctx, host, codec);
        return map;
    }
}
