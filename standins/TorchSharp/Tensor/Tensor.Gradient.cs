using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Read(0, tensor_requires_grad(Handle));
            set => Done(tensor_set_requires_grad(Handle, value));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Done(tensor_retain_grad(Handle));

        public Tensor? grad
        {
            get
            {
                var result = Read(tensor_grad(Handle, out var r), r);
                return result == 0 ? null : new Tensor(result);
            }
            set => Done(tensor_set_grad(Handle, value?.Handle ?? 0), value);
        }

        public void backward() => Done(tensor_backward(Handle));

        public Tensor detach() => Result(tensor_detach(Handle, out var r), r);

        public Tensor detach_() => Done(tensor_detach_(Handle));
    }
}
