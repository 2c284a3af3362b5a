using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private DeviceType _deviceType = DeviceType.CPU;
            private int _deviceIndex = -1;

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                Movable(dtype);
                if (device.type != DeviceType.CUDA) device = new Device(device.type);
                Available(device.type);
                _toEpilog(dtype, device, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                Available(deviceType);
                if (deviceType != _deviceType || deviceIndex != _deviceIndex)
                    _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                Movable(dtype);
                _toEpilog(dtype, null, non_blocking);
                return this;
            }

            private void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }
                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    if (Set(name, moved)) continue;
                    parameter.Dispose();
                    ConditionallyRegisterParameter(name, moved);
                    SetField(name, moved);
                }
                foreach (var (name, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    if (Set(name, moved)) continue;
                    ConditionallyRegisterBuffer(name, moved);
                    SetField(name, moved);
                }
                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            private static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                var target = device ?? buffer.device;
                result = null;
                if (!buffer.WillCopy(dtype ?? buffer.dtype, target)) return false;
                result = buffer.to(Converted(buffer, dtype), target, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            private static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var target = device ?? param.device;
                var type = dtype ?? param.dtype;
                if (!param.WillCopy(type, target) && grad?.WillCopy(type, target) != true) return false;
                using (no_grad())
                {
                    type = Converted(param, dtype);
                    p = new Parameter(param.to(type, target), param.requires_grad);
                    p.DetachFromDisposeScope();
                    if (grad is null) return true;
                    using var moved = grad.to(type, target).with_requires_grad(grad.requires_grad);
                    p.grad = moved;
                }
                return true;
            }

            private static ScalarType Converted(Tensor tensor, ScalarType? dtype) =>
                dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;

            private static void Movable(ScalarType dtype)
            {
                if (!torch.is_floating_point(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void Available(DeviceType type)
            {
                if (type == DeviceType.CUDA && !torch.cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                InitializeDeviceType(type);
            }

            private bool Set(string name, object? value)
            {
                var property = GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance);
                property?.SetValue(this, value);
                return property is not null;
            }

            private void SetField(string name, object? value) =>
                FieldsOf(GetType()).FirstOrDefault(f => ComponentName(f) == name)?.SetValue(this, value);
        }
    }
}
