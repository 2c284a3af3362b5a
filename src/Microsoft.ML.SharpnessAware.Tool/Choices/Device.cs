using TorchSharp;

namespace MlnetSam;

/// <summary>Where the network is computed.</summary>
enum Device
{
    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On the first NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>Contexts for devices.</summary>
static class Devices
{
    /// <summary>ML.NET's context for that device.</summary>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static MLContext Context(Device device, int seed)
    {
        if (device == Device.Cuda)
            RequireCuda();
        return new MLContext(seed) { GpuDeviceId = device == Device.Cuda ? 0 : null, FallbackToCpu = false };
    }

    static void RequireCuda()
    {
        LibtorchDoor.Open();
        if (!torch.cuda.is_available())
            throw new InvalidOperationException($"--device cuda: there is no GPU that libtorch can use. That takes an NVIDIA GPU and a libtorch for it; this tool has {ThisTool.LibtorchPackage}. Leave --device out to train on the CPU, or run the code of Name.training.cs in a project with TorchSharp-cuda-linux or TorchSharp-cuda-windows.");
    }
}
