namespace WebPredict;

/// <summary>An image to classify: the bytes of its file.</summary>
sealed class Image
{
    public byte[] Features { get; set; } = [];
}
