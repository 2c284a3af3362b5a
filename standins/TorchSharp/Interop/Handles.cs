namespace TorchSharp.Interop;

internal static class Handles
{
    internal static nint[] Of(IEnumerable<torch.Tensor>? tensors) => tensors?.Select(t => t.Handle).ToArray() ?? [];

    internal static nint[] Of(ReadOnlySpan<torch.Tensor> tensors)
    {
        var handles = new nint[tensors.Length];
        for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
        return handles;
    }

    internal static torch.Tensor[] Own(nint[] handles) => Array.ConvertAll(handles, h => new torch.Tensor(h));
}
