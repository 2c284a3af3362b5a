using TorchSharp.Interop;
using TorchSharp.Utils;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public Scalar ToScalar() => new(Read(tensor_item(Handle, out var number), number));

        public double ReadCpuDouble(long i) => TensorAccessor<double>.ReadItemAt(this, i);
        public float ReadCpuSingle(long i) => TensorAccessor<float>.ReadItemAt(this, i);
        public int ReadCpuInt32(long i) => TensorAccessor<int>.ReadItemAt(this, i);
        public long ReadCpuInt64(long i) => TensorAccessor<long>.ReadItemAt(this, i);
        public byte ReadCpuByte(long i) => TensorAccessor<byte>.ReadItemAt(this, i);
        public bool ReadCpuBool(long i) => TensorAccessor<bool>.ReadItemAt(this, i);

        public unsafe Span<byte> bytes
        {
            get
            {
                var length = NumberOfElements * ElementSize;
                Readable(length);
                return new Span<byte>((void*)DataPointer, (int)length);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)DataPointer, value.Length));
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            Readable(0);
            var buffer = new byte[bufferSize];
            var length = NumberOfElements * ElementSize;
            for (long at = 0; at < length; at += bufferSize)
            {
                var count = (int)Math.Min(length - at, bufferSize);
                Memory(at, count).CopyTo(buffer);
                stream.Write(buffer, 0, count);
            }
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            Readable(0);
            var length = NumberOfElements * ElementSize;
            for (long at = 0; at < length;)
            {
                var count = stream.Read(Memory(at, (int)Math.Min(length - at, bufferSize)));
                if (count == 0) throw new EndOfStreamException();
                at += count;
            }
        }

        internal nint DataPointer => Read(tensor_data(Handle, out var pointer), pointer);

        internal void ValidateType(Type type)
        {
            if (ToScalarType(type) != dtype) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private unsafe Span<byte> Memory(long offset, int count) => new((void*)(DataPointer + (nint)offset), count);

        private void Readable(long length)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (length > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }
        }
    }
}
