using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor max() => Result(tensor_max(Handle, out var r), r);

        public Tensor max(Tensor other) => maximum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Results(tensor_max_dim(Handle, dim, keepdim, out var values, out var indices), values, indices);

        public Tensor min() => Result(tensor_min(Handle, out var r), r);

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Results(tensor_min_dim(Handle, dim, keepdim, out var values, out var indices), values, indices);

        public Tensor argmax() => Result(tensor_argmax(Handle, out var r), r);

        public Tensor argmax(long dim, bool keepdim = false) => Result(tensor_argmax_dim(Handle, dim, keepdim, out var r), r);

        public Tensor argmin() => Result(tensor_argmin(Handle, out var r), r);

        public Tensor argmin(long dim, bool keepdim = false) => Result(tensor_argmin_dim(Handle, dim, keepdim, out var r), r);

        public Tensor argsort(long dim = -1, bool descending = false) => Result(tensor_argsort(Handle, dim, descending, out var r), r);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Results(tensor_topk(Handle, k, dim, largest, sorted, out var values, out var indices), values, indices);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Results(tensor_sort(Handle, dim, descending, stable, out var values, out var indices), values, indices);
    }
}
