using TorchSharp.Interop;

namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    internal readonly Number Number;

    internal Scalar(Number number) => Number = number;

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(value);

    public torch.ScalarType Type => Number.Type;

    public void Dispose() { }
}
