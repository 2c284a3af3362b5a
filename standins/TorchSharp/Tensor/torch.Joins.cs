using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe Tensor cat(IList<Tensor> tensors, long dim = 0) => Joined(torch_cat, Handles.Of(tensors), dim, tensors);

    public static unsafe Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var all = tensors.ToArray();
        return Joined(torch_stack, Handles.Of(all), dim, all);
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    private unsafe delegate int Join(nint* handles, int count, long dim, out nint result);

    private static unsafe Tensor Joined(Join join, nint[] handles, long dim, IList<Tensor> tensors)
    {
        fixed (nint* start = handles)
        {
            var status = join(start, handles.Length, dim, out var r);
            GC.KeepAlive(tensors);
            return New(status, r);
        }
    }
}
