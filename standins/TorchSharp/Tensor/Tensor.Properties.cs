using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Read(0, tensor_dim(Handle));

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Read(0, tensor_numel(Handle));

        public long numel() => NumberOfElements;

        public long ElementSize => Read(0, tensor_element_size(Handle));

        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Read(0, tensor_dtype(Handle));

        public Device device
        {
            get
            {
                var type = device_type;
                return type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(type, device_index);
            }
        }

        public DeviceType device_type => (DeviceType)Read(0, tensor_device_type(Handle));

        public int device_index => Read(0, tensor_device_index(Handle));

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_sparse => Read(0, tensor_is_sparse(Handle));

        public bool is_leaf => Read(0, tensor_is_leaf(Handle));

        public bool is_contiguous() => Read(0, tensor_is_contiguous(Handle));

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_pinned() => Read(tensor_is_pinned(Handle, out var pinned), pinned);

        public long size(int dim) => Read(tensor_size(Handle, dim, out var size), size);

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* start = sizes) tensor_sizes(Handle, start);
            return Read(0, sizes);
        }

        public long[] shape => size();

        public long stride(int dim) => Read(tensor_stride(Handle, dim, out var stride), stride);

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* start = strides) return Read(tensor_strides(Handle, start), strides);
        }

        public long storage_offset() => Read(tensor_storage_offset(Handle, out var offset), offset);
    }
}
