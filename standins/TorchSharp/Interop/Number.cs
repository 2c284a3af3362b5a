using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>A number on its way to or from libtorch.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Number
{
    private readonly long kind;
    private readonly long bits;

    private Number(long kind, long bits) => (this.kind, this.bits) = (kind, bits);

    public static implicit operator Number(long value) => new(0, value);
    public static implicit operator Number(double value) => new(1, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Number(bool value) => new(2, value ? 1 : 0);

    public torch.ScalarType Type => kind switch
    {
        0 => torch.ScalarType.Int64,
        1 => torch.ScalarType.Float64,
        _ => torch.ScalarType.Bool,
    };

    public double Real => kind == 1 ? BitConverter.Int64BitsToDouble(bits) : bits;
    public long Integer => kind == 1 ? (long)BitConverter.Int64BitsToDouble(bits) : bits;
    public bool IsTrue => kind == 1 ? Real != 0 : bits != 0;
}
