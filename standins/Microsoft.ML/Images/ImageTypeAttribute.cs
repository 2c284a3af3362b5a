using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes a member of type <see cref="MLImage"/> an image column.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    internal int Height { get; }

    internal int Width { get; }

    public ImageTypeAttribute()
    {
    }

    public ImageTypeAttribute(int height, int width)
    {
        Contracts.CheckParam(width > 0, nameof(width), "Should be positive number");
        Contracts.CheckParam(height > 0, nameof(height), "Should be positive number");
        Height = height;
        Width = width;
    }

    public override bool Equals(DataViewTypeAttribute other) => other is ImageTypeAttribute image && Height == image.Height && Width == image.Width;

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override void Register()
        => DataViewTypeManager.Register(new ImageDataViewType(Height, Width), typeof(MLImage), this);
}
