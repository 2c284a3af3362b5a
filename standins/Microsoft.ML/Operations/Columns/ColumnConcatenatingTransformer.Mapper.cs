using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class ColumnConcatenatingTransformer
{
    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly DataViewSchema.Column[][] _inputs;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), inputSchema, parent)
        {
            _parent = parent;
            _inputs = [.. parent._columns.Select(column => column.Sources.Select(source => Find(source.Name)).ToArray())];
            foreach (var inputs in _inputs)
                CheckSameType(inputs);
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [.. _parent._columns.Select((_, i) => OutputOf(i))];

        [InternalInMlNet]
        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var needed = _inputs.Where((_, i) => activeOutput(i)).SelectMany(inputs => inputs).Select(input => input.Index).ToHashSet();
            return needed.Contains;
        }

        [InternalInMlNet]
        protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return Utils.MarshalInvoke<Delegate>(_inputs[iinfo][0].Type.GetItemType().RawType, GetterOf<int>, input, iinfo);
        }

        private DataViewSchema.Column Find(string name)
            => InputSchema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);

        private void CheckSameType(DataViewSchema.Column[] inputs)
        {
            var itemType = inputs[0].Type.GetItemType();
            foreach (var input in inputs)
            {
                if (!input.Type.GetItemType().Equals(itemType))
                    throw Host.ExceptSchemaMismatch("inputSchema", "input", input.Name, itemType.ToString(), input.Type.ToString());
            }
        }

        private DataViewSchema.DetachedColumn OutputOf(int iinfo)
        {
            var (name, inputs) = (_parent._columns[iinfo].Name, _inputs[iinfo]);
            if (inputs is [{ Type: VectorDataViewType } only])
                return new DataViewSchema.DetachedColumn(name, only.Type, only.Annotations);

            var sizes = inputs.Select(input => input.Type.GetValueCount()).ToArray();
            var size = sizes.Contains(0) ? 0 : sizes.Sum();
            var itemType = (PrimitiveDataViewType)inputs[0].Type.GetItemType();
            var annotations = new DataViewSchema.Annotations.Builder();
            if (itemType is NumberDataViewType && inputs.All(input => input.IsNormalized()))
                annotations.Add(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
            if (size > 0 && inputs.Any(input => input.Type is not VectorDataViewType || input.HasSlotNames()))
            {
                var names = new VBuffer<ReadOnlyMemory<char>>(size, SlotNames(iinfo));
                annotations.AddSlotNames(size, names.CopyTo);
            }

            return new DataViewSchema.DetachedColumn(name, new VectorDataViewType(itemType, size), annotations.ToAnnotations());
        }

        private ReadOnlyMemory<char>[] SlotNames(int iinfo)
        {
            var names = new List<ReadOnlyMemory<char>>();
            foreach (var (source, input) in _parent._columns[iinfo].Sources.Zip(_inputs[iinfo]))
            {
                var name = source.Alias ?? input.Name;
                if (input.Type is not VectorDataViewType vector)
                    names.Add(name.AsMemory());
                else if (!input.HasSlotNames())
                    names.AddRange(new ReadOnlyMemory<char>[vector.Size]);
                else
                {
                    VBuffer<ReadOnlyMemory<char>> own = default;
                    input.GetSlotNames(ref own);
                    names.AddRange(own.DenseValues().Select(slot => slot.IsEmpty || source.Alias == input.Name ? slot : $"{name}.{slot}".AsMemory()));
                }
            }

            return [.. names];
        }

        private ValueGetter<VBuffer<T>> GetterOf<T>(DataViewRow row, int iinfo)
        {
            var inputs = _inputs[iinfo];
            if (inputs is [{ Type: VectorDataViewType } only])
                return row.GetGetter<VBuffer<T>>(row.Schema[only.Index]);

            var parts = inputs.Select(input => PartOf<T>(row, row.Schema[input.Index])).ToArray();
            var values = new List<T>();
            return (ref VBuffer<T> dst) =>
            {
                values.Clear();
                foreach (var append in parts)
                    append(values);
                var editor = VBufferEditor.Create(ref dst, values.Count);
                for (var i = 0; i < editor.Values.Length; i++)
                    editor.Values[i] = values[i];
                dst = editor.Commit();
            };
        }

        private Action<List<T>> PartOf<T>(DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Type is not VectorDataViewType vector)
            {
                var getOne = row.GetGetter<T>(column);
                T value = default;
                return values =>
                {
                    getOne(ref value);
                    values.Add(value);
                };
            }

            var getMany = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> part = default;
            return values =>
            {
                getMany(ref part);
                if (vector.Size != 0 && vector.Size != part.Length)
                    throw Host.Except("Column '{0}': expected {1} slots, but got {2}", column.Name, vector.Size, part.Length);
                values.AddRange(part.DenseValues());
            };
        }
    }
}
