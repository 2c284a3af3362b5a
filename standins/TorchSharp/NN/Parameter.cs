namespace TorchSharp.Modules
{
    public class Parameter : torch.Tensor
    {
        /// <summary>Takes over the tensor's handle, and its place in its dispose scope.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(data.with_requires_grad(requires_grad).MoveHandle(), false) =>
            DisposeScope.ReplaceWith(data, this);

        internal Parameter(nint handle) : base(handle) { }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
