namespace Microsoft.ML.SharpnessAware;

/// <summary>A row that gave no image: its file is missing, say.</summary>
internal sealed class UnreadableCell(string reason) : ImageCell
{
    protected override void Decode(ImageShape shape, Span<byte> pixels) => throw new BadImageException(reason);
}
