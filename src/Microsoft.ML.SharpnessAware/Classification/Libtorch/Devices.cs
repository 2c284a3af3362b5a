using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The native library that computes: whether it is there, and on which device it runs.</summary>
internal static class Libtorch
{
    /// <summary>Gets libtorch ready to train; returns the device that the context asks for.</summary>
    /// <exception cref="InvalidOperationException">libtorch, or the GPU that was asked for, is not there, or the caller has switched gradients off for good.</exception>
    public static Device OpenToTrain(IHost host, IChannel channel)
    {
        LibtorchDoor.Open();
        CheckGradients();
        GlibcAllocator.KeepFreedMemory();
        return ChooseDevice(host, channel);
    }

    /// <summary>Gets libtorch ready to score; returns the device that the context asks for.</summary>
    /// <exception cref="InvalidOperationException">libtorch, or the GPU that was asked for, is not there.</exception>
    public static Device OpenToScore(IHost host)
    {
        using var channel = host.Start("Loading");
        LibtorchDoor.Open();
        return ChooseDevice(host, channel);
    }

    /// <exception cref="InvalidOperationException">The caller is in inference mode.</exception>
    public static void CheckGradients()
    {
        if (is_inference_mode_enabled())
            throw Contracts.Except("The calling thread is in torch.inference_mode(), in which libtorch computes no gradients, so that nothing can be trained or measured. Call this outside of it; torch.no_grad() does no harm.");
    }

    /// <summary>The number of the GPU that is asked for, on a machine with so many; null for the CPU.</summary>
    internal static int? ChooseGpu(HostSettings settings, int gpus, Action<string> warn)
    {
        if (settings.GpuDeviceId is not { } gpu)
            return null;
        if (gpu >= 0 && gpu < gpus)
            return gpu;
        if (gpu < 0 || gpus > 0)
            throw Contracts.Except($"GpuDeviceId is {gpu}, but this machine's GPUs count from 0, and there are {gpus} that libtorch can use.");

        var missing = $"GpuDeviceId is {gpu}, but there is no GPU that libtorch can use: that takes an NVIDIA GPU, and the package TorchSharp-cuda-linux or TorchSharp-cuda-windows.";
        if (!settings.FallbackToCpu)
            throw Contracts.Except($"{missing} Set the MLContext's GpuDeviceId to null, or its FallbackToCpu to true, to use the CPU.");
        warn($"{missing} Using the CPU instead, as FallbackToCpu says.");
        return null;
    }

    static Device ChooseDevice(IHost host, IChannel channel)
    {
        var settings = HostSettings.Of(host);
        var gpus = settings.GpuDeviceId is not null && cuda.is_available() ? cuda.device_count() : 0;
        if (ChooseGpu(settings, gpus, warning => channel.Warning(MessageSensitivity.None, warning)) is { } gpu)
            return device(DeviceType.CUDA, gpu);
        ConvolutionCheck.Require(line => channel.Trace(MessageSensitivity.None, line));
        return CPU;
    }
}

/// <summary>How many threads libtorch computes with: a number of the whole process, which an application may have set.</summary>
internal static class LibtorchThreads
{
    /// <summary>Sets so many until what is returned is disposed of; 0 leaves the number as it is.</summary>
    public static IDisposable Borrow(int threads) => new Borrowed(threads);

    sealed class Borrowed : IDisposable
    {
        readonly int _before = get_num_threads();

        public Borrowed(int threads)
        {
            if (threads > 0)
                set_num_threads(threads);
        }

        public void Dispose()
        {
            if (get_num_threads() != _before)
                set_num_threads(_before);
        }
    }
}
