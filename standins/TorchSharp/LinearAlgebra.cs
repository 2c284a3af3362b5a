using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        public static unsafe Tensor vector_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false)
        {
            fixed (long* chosen = dims)
            {
                return input.Result(linalg_vector_norm(input.Handle, ord, chosen, dims?.Length ?? 0, keepdim, out var r), r);
            }
        }
    }
}
