using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor narrow(long dim, long start, long length) => Result(tensor_narrow(Handle, dim, start, length, out var r), r);

        public Tensor slice(long dim, long start, long finish, long step)
        {
            if (step < 1) throw new ArgumentException($"step is {step}, but it should always be positive.");
            return Result(tensor_slice(Handle, dim, start, finish, step, out var r), r);
        }

        public Tensor select(long dim, long index) => Result(tensor_select(Handle, dim, index, out var r), r);

        public Tensor index_select(long dim, Tensor index) => Result(tensor_index_select(Handle, dim, index.Handle, out var r), r, index);

        public Tensor gather(long dim, Tensor index) => Result(tensor_gather(Handle, dim, index.Handle, out var r), r, index);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Done(tensor_scatter_(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) =>
            Done(tensor_scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor take(Tensor index) => Result(tensor_take(Handle, index.Handle, out var r), r, index);

        public Tensor nonzero() => Result(tensor_nonzero(Handle, out var r), r);

        public unsafe Tensor[] unbind(long dimension = 0L)
        {
            var parts = new nint[size((int)dimension)];
            fixed (nint* results = parts) Done(tensor_unbind(Handle, dimension, results));
            return Handles.Own(parts);
        }

        public unsafe Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            var parts = new nint[sizes.Length];
            fixed (long* lengths = sizes)
            fixed (nint* results = parts)
            {
                Done(tensor_split(Handle, lengths, sizes.Length, dim, results));
            }
            return Handles.Own(parts);
        }

        public Tensor[] split(long[] sizes, long dim = 0) => split((ReadOnlySpan<long>)sizes, dim);

        public Tensor[] split(params long[] sizes) => split((ReadOnlySpan<long>)sizes);
    }
}
