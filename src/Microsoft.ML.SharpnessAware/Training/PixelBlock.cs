namespace Microsoft.ML.SharpnessAware;

/// <summary>A piece of a <see cref="PixelCache"/>.</summary>
internal abstract class PixelBlock : IDisposable
{
    public abstract void Write(int offset, ReadOnlySpan<byte> bytes);

    public abstract void Read(int offset, Span<byte> bytes);

    public virtual void Dispose() { }
}
