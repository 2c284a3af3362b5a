using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public unsafe Tensor view(params long[] shape)
        {
            fixed (long* sizes = shape) return Result(tensor_view(Handle, sizes, shape.Length, out var r), r);
        }

        public Tensor view_as(Tensor other) => view(other.shape);

        public unsafe Tensor reshape(params long[] shape)
        {
            fixed (long* sizes = shape) return Result(tensor_reshape(Handle, sizes, shape.Length, out var r), r);
        }

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Result(tensor_flatten(Handle, start_dim, end_dim, out var r), r);

        public unsafe Tensor permute(params long[] permutation)
        {
            fixed (long* dims = permutation) return Result(tensor_permute(Handle, dims, permutation.Length, out var r), r);
        }

        public Tensor transpose(long dim0, long dim1) => Result(tensor_transpose(Handle, dim0, dim1, out var r), r);

        public Tensor t() => Result(tensor_t(Handle, out var r), r);

        public unsafe Tensor squeeze(long? dim = null)
        {
            var chosen = dim.GetValueOrDefault();
            return Result(tensor_squeeze(Handle, dim.HasValue ? &chosen : null, out var r), r);
        }

        public Tensor unsqueeze(long dim) => Result(tensor_unsqueeze(Handle, dim, out var r), r);

        public unsafe Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* wanted = sizes) return Result(tensor_expand(Handle, wanted, sizes.Length, isImplicit, out var r), r);
        }

        public Tensor expand(long[] sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes, isImplicit);

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public unsafe Tensor repeat(params long[] sizes)
        {
            fixed (long* times = sizes) return Result(tensor_repeat(Handle, times, sizes.Length, out var r), r);
        }

        public unsafe Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L)
        {
            fixed (long* sizes = size, steps = strides)
            {
                return Result(tensor_as_strided(Handle, sizes, size.Length, steps, strides.Length, storageOffset, out var r), r);
            }
        }

        public unsafe Tensor flip(params long[] dims)
        {
            fixed (long* chosen = dims) return Result(tensor_flip(Handle, chosen, dims.Length, out var r), r);
        }

        public unsafe Tensor roll(long shifts, long? dims = null)
        {
            var dim = dims.GetValueOrDefault();
            return Result(tensor_roll(Handle, &shifts, 1, &dim, dims.HasValue ? 1 : 0, out var r), r);
        }

        public unsafe Tensor roll(long[] shifts, long[] dims)
        {
            fixed (long* by = shifts, along = dims)
            {
                return Result(tensor_roll(Handle, by, shifts.Length, along, dims.Length, out var r), r);
            }
        }

        public Tensor tril(long diagonal = 0) => Result(tensor_tril(Handle, diagonal, out var r), r);

        public Tensor triu(long diagonal = 0) => Result(tensor_triu(Handle, diagonal, out var r), r);
    }
}
