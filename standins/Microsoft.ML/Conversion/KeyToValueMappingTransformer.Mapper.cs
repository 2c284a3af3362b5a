using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed partial class KeyToValueMappingTransformer
{
    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToValueMappingTransformer _parent;
        private readonly PrimitiveDataViewType[] _valueTypes;

        public Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            _valueTypes = [.. parent.ColumnPairs.Select((_, i) => ValueType(Input(i)))];
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            return [.. _parent.ColumnPairs.Select((pair, i) => new DataViewSchema.DetachedColumn(pair.outputColumnName, OutputType(i), SlotNames(i)))];

            DataViewType OutputType(int i) => Input(i).Type is VectorDataViewType vector ? new VectorDataViewType(_valueTypes[i], vector.Dimensions) : _valueTypes[i];

            DataViewSchema.Annotations SlotNames(int i)
            {
                var builder = new DataViewSchema.Annotations.Builder();
                builder.Add(Input(i).Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
                return builder.ToAnnotations();
            }
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return Utils.MarshalInvoke<Delegate>(_valueTypes[iinfo].RawType, GetterOf<int>, input, iinfo);
        }

        private DataViewSchema.Column Input(int iinfo) => InputSchema[ColMapNewToOld[iinfo]];

        private PrimitiveDataViewType ValueType(DataViewSchema.Column input)
        {
            var valuesType = input.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type;
            Host.Check(valuesType != null, "Metadata KeyValues does not exist");
            Host.Check(valuesType.GetVectorSize() == input.Type.GetItemType().GetKeyCountAsInt32(Host), "KeyValues metadata size does not match column type key count");
            return (PrimitiveDataViewType)valuesType.GetItemType();
        }

        private Delegate GetterOf<TValue>(DataViewRow row, int iinfo)
        {
            VBuffer<TValue> keyValues = default;
            Input(iinfo).GetKeyValues(ref keyValues);
            var values = keyValues.DenseValues().ToArray();
            Delegate make = Input(iinfo).Type is VectorDataViewType ? VectorGetter<int, TValue> : ScalarGetter<int, TValue>;
            var method = make.Method.GetGenericMethodDefinition().MakeGenericMethod(Input(iinfo).Type.GetItemType().RawType, typeof(TValue));
            return (Delegate)method.Invoke(null, [row, row.Schema[ColMapNewToOld[iinfo]], values]);
        }

        private static ValueGetter<TValue> ScalarGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column column, TValue[] values)
        {
            var get = row.GetGetter<TKey>(column);
            var valueOf = Lookup<TKey, TValue>(values);
            TKey key = default;
            return (ref TValue value) =>
            {
                get(ref key);
                value = valueOf(key);
            };
        }

        private static ValueGetter<VBuffer<TValue>> VectorGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column column, TValue[] values)
        {
            var get = row.GetGetter<VBuffer<TKey>>(column);
            var valueOf = Lookup<TKey, TValue>(values);
            VBuffer<TKey> keys = default;
            return (ref VBuffer<TValue> dst) =>
            {
                get(ref keys);
                var editor = VBufferEditor.Create(ref dst, keys.Length);
                foreach (var (slot, key) in keys.Items(all: true))
                    editor.Values[slot] = valueOf(key);
                dst = editor.Commit();
            };
        }

        private static Func<TKey, TValue> Lookup<TKey, TValue>(TValue[] values)
        {
            var widen = KeyWidening.Of<TKey>();
            var missing = MissingValues.Of<TValue>();
            return key => widen(key) is var place && place > 0 && place <= (ulong)values.Length ? values[place - 1] : missing;
        }
    }
}
