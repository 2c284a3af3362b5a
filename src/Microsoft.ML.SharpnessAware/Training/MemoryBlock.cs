namespace Microsoft.ML.SharpnessAware;

internal sealed class MemoryBlock(int size) : PixelBlock
{
    readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(size);

    public override void Write(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan(offset));

    public override void Read(int offset, Span<byte> bytes) => _bytes.AsSpan(offset, bytes.Length).CopyTo(bytes);
}
