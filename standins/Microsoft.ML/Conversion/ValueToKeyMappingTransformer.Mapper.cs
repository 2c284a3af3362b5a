using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed partial class ValueToKeyMappingTransformer
{
    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;
        private readonly DataViewType[] _inputTypes;

        public Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            _inputTypes = [.. parent.ColumnPairs.Select(pair => parent.InputType(inputSchema, pair.inputColumnName))];
            for (var i = 0; i < _inputTypes.Length; i++)
            {
                var mapType = parent._maps[i].ItemType;
                if (!_inputTypes[i].GetItemType().Equals(mapType))
                {
                    throw Host.Except("Could not apply a map over type '{0}' to column '{1}' since it has type '{2}'",
                        mapType, parent.ColumnPairs[i].outputColumnName, _inputTypes[i].GetItemType());
                }
            }
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => [.. _parent.ColumnPairs.Select((pair, i) => new DataViewSchema.DetachedColumn(pair.outputColumnName, OutputType(i), Annotations(i)))];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var type = _inputTypes[iinfo];
            Delegate make = type is VectorDataViewType ? VectorGetter<int> : ScalarGetter<int>;
            return Utils.MarshalInvoke<Delegate>(type.GetItemType().RawType, make, input, iinfo);
        }

        private DataViewType OutputType(int iinfo)
        {
            var key = _parent._maps[iinfo].OutputType;
            return _inputTypes[iinfo] is VectorDataViewType vector ? new VectorDataViewType(key, vector.Dimensions) : key;
        }

        private DataViewSchema.Annotations Annotations(int iinfo)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            _parent._maps[iinfo].AddKeyValues(builder, _parent._textAnnotations[iinfo]);
            builder.Add(InputSchema[ColMapNewToOld[iinfo]].Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
            return builder.ToAnnotations();
        }

        private ValueGetter<uint> ScalarGetter<T>(DataViewRow input, int iinfo)
        {
            var map = (TermMap<T>)_parent._maps[iinfo];
            var get = input.GetGetter<T>(input.Schema[ColMapNewToOld[iinfo]]);
            T value = default;
            return (ref uint key) =>
            {
                get(ref value);
                key = map.KeyOf(value);
            };
        }

        private ValueGetter<VBuffer<uint>> VectorGetter<T>(DataViewRow input, int iinfo)
        {
            var map = (TermMap<T>)_parent._maps[iinfo];
            var size = _inputTypes[iinfo].GetVectorSize();
            var get = input.GetGetter<VBuffer<T>>(input.Schema[ColMapNewToOld[iinfo]]);
            VBuffer<T> values = default;
            return (ref VBuffer<uint> keys) =>
            {
                get(ref values);
                if (size != 0 && size != values.Length)
                    throw Host.Except("Column '{0}': TermTransform expects {1} slots, but got {2}", _parent.ColumnPairs[iinfo].outputColumnName, size, values.Length);
                var editor = VBufferEditor.Create(ref keys, values.Length);
                foreach (var (slot, value) in values.Items(all: true))
                    editor.Values[slot] = map.KeyOf(value);
                keys = editor.Commit();
            };
        }
    }
}
