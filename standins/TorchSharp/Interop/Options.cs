using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What a new tensor is to be: element type, device, gradient.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Options
{
    private readonly int dtype;
    private readonly int device;
    private readonly int index;
    private readonly int requiresGrad;

    public Options(torch.ScalarType dtype, torch.Device? device, bool requiresGrad)
    {
        var place = torch.InitializeDevice(device);
        this.dtype = (int)dtype;
        this.device = (int)place.type;
        index = place.index;
        this.requiresGrad = requiresGrad ? 1 : 0;
    }
}
