using System.Runtime.CompilerServices;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index([TensorIndex.Single(i1)]);
            set => index_put_(value, [TensorIndex.Single(i1)]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index([TensorIndex.Single(i1), TensorIndex.Single(i2)]);
            set => index_put_(value, [TensorIndex.Single(i1), TensorIndex.Single(i2)]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Array.ConvertAll(indices, i => TensorIndex.Single(i)));
            set => index_put_(value, Array.ConvertAll(indices, i => TensorIndex.Single(i)));
        }

        public unsafe Tensor index(params TensorIndex[] indices)
        {
            fixed (TensorIndex.Native* items = Encode(indices))
            {
                var result = Result(tensor_index(Handle, items, indices.Length, out var r), r);
                GC.KeepAlive(indices);
                return result;
            }
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public unsafe Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            fixed (TensorIndex.Native* items = Encode(indices))
            {
                Done(tensor_index_put_(Handle, items, indices.Length, value.Handle), value);
                GC.KeepAlive(indices);
                return this;
            }
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public unsafe Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            fixed (TensorIndex.Native* items = Encode(indices))
            {
                Done(tensor_index_put__scalar(Handle, items, indices.Length, value.Number));
                GC.KeepAlive(indices);
                return this;
            }
        }

        private static TensorIndex.Native[] Encode(TensorIndex[] indices) => Array.ConvertAll(indices, i => i.ToNative());
    }
}
