using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor clone() => Result(tensor_clone(Handle, out var r), r);

        public Tensor alias() => Result(tensor_alias(Handle, out var r), r);

        public Tensor contiguous() => Result(tensor_contiguous(Handle, out var r), r);

        public Tensor pin_memory() => Result(tensor_pin_memory(Handle, out var r), r);

        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            Done(tensor_copy_(Handle, source.Handle, nonBlocking), source);

        public Tensor set_(Tensor source) => Done(tensor_set_(Handle, source.Handle), source);

        public Tensor cpu() => Result(tensor_cpu(Handle, out var r), r);

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA) throw new ArgumentException("Not a CUDA device.", nameof(device));
            InitializeDeviceType(DeviceType.CUDA);
            return Result(tensor_to_device(Handle, (int)DeviceType.CUDA, device_index, false, non_blocking, out var r), r);
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Converted(tensor_to_dtype(Handle, (int)type, copy, non_blocking, out var r), r, disposeAfter);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            return Converted(tensor_to_device(Handle, (int)deviceType, deviceIndex, copy, non_blocking, out var r), r, disposeAfter);
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            device = InitializeDevice(device);
            var status = tensor_to(Handle, (int)type, (int)device.type, device.index, copy, non_blocking, out var r);
            return Converted(status, r, disposeAfter);
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking);

        /// <summary>Whether <c>to</c> with these arguments makes a new tensor.</summary>
        internal bool WillCopy(ScalarType type, Device target) =>
            dtype != type || device_type != target.type || device_index != target.index;

        private Tensor Converted(int status, nint result, bool disposeAfter)
        {
            Check(status);
            if (disposeAfter) Dispose();
            GC.KeepAlive(this);
            return new Tensor(result);
        }
    }
}
