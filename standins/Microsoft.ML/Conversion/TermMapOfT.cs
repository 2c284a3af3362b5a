using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

internal sealed class TermMap<T> : TermMap
{
    private readonly List<T> _terms = [];
    private readonly Dictionary<T, int> _places;
    private readonly IComparer<T> _order;
    private readonly Predicate<T> _isMissing;

    public TermMap(PrimitiveDataViewType itemType)
        : base(itemType)
    {
        var isText = typeof(T) == typeof(ReadOnlyMemory<char>);
        _places = new Dictionary<T, int>(isText ? (IEqualityComparer<T>)(object)TextComparer.Instance : null);
        _order = isText ? (IComparer<T>)(object)TextComparer.Instance : Comparer<T>.Default;
        _isMissing = isText
            ? (Predicate<T>)(object)(Predicate<ReadOnlyMemory<char>>)(text => text.IsEmpty)
            : MissingValues.TestOf<T>(itemType) ?? (_ => false);
    }

    public override int Count => _terms.Count;

    /// <summary>Adds a value; false when it is missing or there already.</summary>
    public bool TryAdd(T term)
    {
        if (_isMissing(term) || _places.ContainsKey(term))
            return false;
        var own = term is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : term;
        _places.Add(own, _terms.Count);
        _terms.Add(own);
        return true;
    }

    public uint KeyOf(T value) => _places.TryGetValue(value, out var place) ? (uint)place + 1 : 0;

    public override void Sort()
    {
        _terms.Sort(_order);
        for (var i = 0; i < _terms.Count; i++)
            _places[_terms[i]] = i;
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder builder, bool asText)
    {
        if (Count == 0)
            return;
        if (asText && ItemType is not TextDataViewType)
            builder.AddKeyValues(Count, TextDataViewType.Instance, GetterOf([.. _terms.Select(term => ValueText.Of(term).AsMemory())]));
        else
            builder.AddKeyValues(Count, ItemType, GetterOf(_terms));
    }

    public override void WriteText(TextWriter writer)
    {
        if (ItemType is TextDataViewType)
            writer.WriteLine("# Number of terms = {0}", Count);
        else
            writer.WriteLine("# Number of terms of type '{0}' = {1}", ItemType, Count);
        for (var i = 0; i < Count; i++)
            writer.WriteLine("{0}\t{1}", i, ValueText.Of(_terms[i]));
    }

    protected override void SaveTerms(ModelSaveContext ctx, IHost host)
    {
        if (_terms is List<ReadOnlyMemory<char>> texts)
        {
            ctx.Writer.Write(Count);
            foreach (var text in texts)
                ctx.SaveNonEmptyString(text.ToString());
            return;
        }

        var factory = new CodecFactory(host);
        if (!factory.TryGetCodec(ItemType, out var codec))
            throw host.Except("We do not know how to serialize terms of type '{0}'", ItemType);
        factory.WriteCodec(ctx.Writer.BaseStream, codec);
        ctx.Writer.Write(Count);
        ((IValueCodec<T>)codec).Write(ctx.Writer, CollectionsMarshal.AsSpan(_terms));
    }

    protected override void LoadTerms(ModelLoadContext ctx, IHost host, IValueCodec codec)
    {
        var count = ctx.Reader.ReadInt32();
        host.CheckDecode(count >= 0);
        if (count == 0)
            return;
        foreach (var (place, term) in ((IValueCodec<T>)codec).Read(ctx.Reader, count).Index())
        {
            if (!TryAdd(term))
                throw host.Except("Duplicate items at positions {0} and {1}", (int)KeyOf(term) - 1, place);
        }
    }

    private static ValueGetter<VBuffer<TItem>> GetterOf<TItem>(List<TItem> items)
        => (ref VBuffer<TItem> dst) =>
        {
            var editor = VBufferEditor.Create(ref dst, items.Count);
            for (var i = 0; i < items.Count; i++)
                editor.Values[i] = items[i];
            dst = editor.Commit();
        };
}
