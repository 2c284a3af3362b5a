using Microsoft.ML.SharpnessAware;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using SkiaSharp;

namespace Pictures;

/// <summary>A row of images for each kind of augmentation, as training sees them.</summary>
static class AugmentationPicture
{
    const int Seed = 1, MixingSeed = 4; // a MixUp that can be seen
    const double Cell = 1, Margin = 0.08, Labels = 2.6;

    static readonly Normalization _normalization = new([0.286f], [0.353f]); // of Fashion-MNIST

    static readonly (string Name, Augmentation Augmentation)[] _rows =
    [
        ("none", new Augmentation(0, false)),
        ("CropPadding, HorizontalFlip", new Augmentation()),
        ("RandomResizedCrop", new Augmentation(0, false) { RandomResizedCrop = new RandomResizedCrop(MinArea: 0.35) }),
        ("ColorJitter", new Augmentation(0, false) { ColorJitter = new ColorJitter() }),
        ("RandAugment", new Augmentation(0, false) { RandAugment = new RandAugment() }),
        ("RandomErasing", new Augmentation(0, false) { RandomErasing = new RandomErasing() }),
        ("Cutout", new Augmentation(0, false) { Cutout = new Cutout() }),
        ("MixUp", new Augmentation(0, false) { MixUp = new MixUp(Alpha: 1) }),
        ("CutMix", new Augmentation(0, false) { CutMix = new CutMix() }),
    ];

    /// <param name="images">Grey levels [N, 1, H, W], uint8.</param>
    public static Drawing Draw(Tensor images)
    {
        var count = (int)images.shape[0];
        var plot = PictureFile.NewPlot("Augmentation: the same images, as training sees them");
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = -Labels, Maximum = count, IsAxisVisible = false });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = -_rows.Length, Maximum = 0, IsAxisVisible = false });
        for (var i = 0; i < _rows.Length; i++)
        {
            plot.Annotations.Add(new TextAnnotation
            {
                Text = _rows[i].Name,
                TextPosition = new DataPoint(-Margin, -i - Cell / 2),
                TextHorizontalAlignment = HorizontalAlignment.Right,
                TextVerticalAlignment = VerticalAlignment.Middle,
                StrokeThickness = 0,
            });
            var pngs = Augmented(images, _rows[i].Augmentation);
            for (var j = 0; j < count; j++)
                plot.Annotations.Add(ImageAt(pngs[j], j, -i - 1));
        }
        const double pixels = 72;
        return new Drawing(plot, pixels * (count + Labels), pixels * _rows.Length + 40);
    }

    static ImageAnnotation ImageAt(byte[] png, double left, double bottom) => new()
    {
        ImageSource = new OxyImage(png),
        X = new PlotLength(left + Cell / 2, PlotLengthUnit.Data),
        Y = new PlotLength(bottom + Cell / 2, PlotLengthUnit.Data),
        Width = new PlotLength(Cell - Margin, PlotLengthUnit.Data),
        Height = new PlotLength(Cell - Margin, PlotLengthUnit.Data),
        Interpolate = false,
    };

    static byte[][] Augmented(Tensor images, Augmentation augmentation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var random = new Generator(MixingSeed);
        var changed = augmentation.Apply(images, _normalization, Seed);
        if ((augmentation.MixUp ?? (IMixing?)augmentation.CutMix) is { } mixing)
            (changed, _) = mixing.Mix(changed, changed.roll(1, 0), random);
        var levels = ((changed * _normalization.Std[0] + _normalization.Mean[0]) * 255).clamp(0, 255).round().to(ScalarType.Byte);
        return [.. levels.unbind(0).Select(Png)];
    }

    static byte[] Png(Tensor levels)
    {
        var (height, width) = ((int)levels.shape[^2], (int)levels.shape[^1]);
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), levels.contiguous().data<byte>().ToArray());
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
