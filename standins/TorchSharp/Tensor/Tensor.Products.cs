using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor dot(Tensor target) => Result(tensor_dot(Handle, target.Handle, out var r), r, target);

        public Tensor mm(Tensor target) => Result(tensor_mm(Handle, target.Handle, out var r), r, target);

        public Tensor mv(Tensor target) => Result(tensor_mv(Handle, target.Handle, out var r), r, target);

        public Tensor bmm(Tensor batch2) => Result(tensor_bmm(Handle, batch2.Handle, out var r), r, batch2);

        public Tensor matmul(Tensor target) => Result(tensor_matmul(Handle, target.Handle, out var r), r, target);

        public Tensor outer(Tensor vec2) => Result(tensor_outer(Handle, vec2.Handle, out var r), r, vec2);
    }
}
