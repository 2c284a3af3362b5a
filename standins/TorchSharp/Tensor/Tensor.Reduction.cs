using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Result(tensor_all(Handle, out var r), r);

        public Tensor all(long dim, bool keepdim = false) => Result(tensor_all_dim(Handle, dim, keepdim, out var r), r);

        public Tensor any() => Result(tensor_any(Handle, out var r), r);

        public Tensor any(long dim, bool keepdim = false) => Result(tensor_any_dim(Handle, dim, keepdim, out var r), r);

        public Tensor sum(ScalarType? type = null) => Result(tensor_sum(Handle, Code(type), out var r), r);

        public unsafe Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dim) return Result(tensor_sum_dims(Handle, dims, dim.Length, keepdim, Code(type), out var r), r);
        }

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => Result(tensor_mean(Handle, out var r), r);

        public unsafe Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dimensions)
            {
                return Result(tensor_mean_dims(Handle, dims, dimensions.Length, keepdim, Code(type), out var r), r);
            }
        }

        public Tensor prod(ScalarType? type = null) => Result(tensor_prod(Handle, Code(type), out var r), r);

        public Tensor cumsum(long dim, ScalarType? type = null) => Result(tensor_cumsum(Handle, dim, Code(type), out var r), r);

        public Tensor median() => Result(tensor_median(Handle, out var r), r);

        public Tensor std(bool unbiased = true) => Result(tensor_std(Handle, unbiased, out var r), r);

        public Tensor var(bool unbiased = true)
        {
            if (!unbiased)
                throw new NotSupportedException("The real package ignores unbiased here; name the dimensions, where it does not.");
            return Result(tensor_var(Handle, unbiased, out var r), r);
        }

        public unsafe Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dimensions)
            {
                return As(type, Result(tensor_std_dims(Handle, dims, dimensions.Length, unbiased, keepdim, out var r), r));
            }
        }

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);

        public unsafe Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* dims = dimensions)
            {
                return As(type, Result(tensor_var_dims(Handle, dims, dimensions.Length, unbiased, keepdim, out var r), r));
            }
        }

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);

        public Tensor norm(float p = 2.0f) => Result(tensor_norm(Handle, p, out var r), r);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Result(tensor_norm_dim(Handle, dim, keepdim, p, out var r), r);

        public Tensor logsumexp(long dim, bool keepdim = false) => Result(tensor_logsumexp(Handle, dim, keepdim, out var r), r);

        public unsafe Tensor count_nonzero(long[]? dims = null)
        {
            fixed (long* chosen = dims) return Result(tensor_count_nonzero(Handle, chosen, dims?.Length ?? 0, out var r), r);
        }

        public Tensor bincount(Tensor? weights, long minlength = 0) =>
            Result(tensor_bincount(Handle, weights?.Handle ?? 0, minlength, out var r), r, weights);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Result(tensor_softmax(Handle, dim, Code(dtype), out var r), r);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Result(tensor_log_softmax(Handle, dim, Code(dtype), out var r), r);

        private static int Code(ScalarType? type) => type.HasValue ? (int)type.Value : -1;

        private static Tensor As(ScalarType? type, Tensor result) =>
            type is { } wanted ? result.to_type(wanted, disposeAfter: true) : result;
    }
}
