using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static bool loaded;
    private static Device? cudaDevice;

    public static Device CUDA => cudaDevice ??= InitializeDevice(new Device(DeviceType.CUDA));

    public static readonly Device CPU = InitializeDevice(new Device(DeviceType.CPU));

    private static Device defaultDevice = CPU;

    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device) =>
        defaultDevice = device ?? throw new ArgumentNullException(nameof(device));

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.MPS)
            throw new InvalidOperationException("Torch device type 'MPS' is not available on this platform.");
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.MPS) return false;
        Load();
        return deviceType != DeviceType.CUDA || cuda.DeviceCount() > 0;
    }

    /// <summary>Where libtorch is missing, this fails the type's initialisation, as in the real package.</summary>
    internal static void Load()
    {
        if (loaded) return;
        Native.Load();
        loaded = true;
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        internal static int DeviceCount()
        {
            Native.Check(Native.cuda_device_count(out var count));
            return count;
        }

        public static bool is_available() => TryInitializeDeviceType(DeviceType.CUDA);

        public static int device_count()
        {
            TryInitializeDeviceType(DeviceType.CUDA);
            return DeviceCount();
        }

        public static void manual_seed_all(long seed)
        {
            TryInitializeDeviceType(DeviceType.CUDA);
            Native.Check(Native.cuda_manual_seed_all(seed));
        }

        public static void synchronize(Device? device = null)
        {
            TryInitializeDeviceType(device?.type ?? DeviceType.CUDA);
            Native.Check(Native.cuda_synchronize(device?.index ?? -1));
        }
    }
}
