using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public struct TensorIndex
    {
        private Kind kind;
        private long? start;
        private long? stop;
        private long? step;
        private Tensor? tensor;

        private enum Kind : long
        {
            Single = 0,
            Slice = 1,
            Tensor = 2,
            Ellipsis = 3,
            None = 4,
            False = 5,
            True = 6,
        }

        public static TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };
        public static TensorIndex None = new() { kind = Kind.None };
        public static TensorIndex Null = new() { kind = Kind.None };
        public static TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice(Range range) =>
            Slice(Position(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Position(range.End));

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Bool(bool value) => new() { kind = value ? Kind.True : Kind.False };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(Position(index));

        public static implicit operator TensorIndex(Range range) => Slice(range);

        internal readonly Native ToNative() => new()
        {
            Kind = (long)kind,
            Start = start ?? (kind == Kind.Slice ? long.MinValue : 0),
            Stop = stop ?? long.MinValue,
            Step = step ?? long.MinValue,
            Tensor = tensor?.Handle ?? 0,
        };

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;

        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            public long Kind;
            public long Start;
            public long Stop;
            public long Step;
            public nint Tensor;
        }
    }
}
