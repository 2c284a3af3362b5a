using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => autograd_is_enabled();

    private sealed class GradMode : IDisposable
    {
        private readonly bool before = autograd_is_enabled();

        public GradMode(bool enabled) => autograd_set_enabled(enabled);

        public void Dispose() => autograd_set_enabled(before);
    }

    public static partial class autograd
    {
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles.Of(outputs), to = Handles.Of(inputs), weights = Handles.Of(grad_outputs);
            var results = new nint[to.Length];
            fixed (nint* o = from, i = to, g = weights, r = results)
            {
                Check(autograd_grad(o, from.Length, i, to.Length, g, weights.Length, retain_graph, create_graph, allow_unused, r));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Handles.Own(results).ToList();
        }

        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            nint[] roots = Handles.Of(tensors), weights = Handles.Of(grad_tensors), leaves = Handles.Of(inputs);
            fixed (nint* t = roots, g = weights, i = leaves)
            {
                Check(autograd_backward(
                    t, roots.Length, g, weights.Length, retain_graph ?? create_graph, create_graph, i, leaves.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
