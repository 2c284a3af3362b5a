using Microsoft.ML;

namespace ImageQuickstart;

/// <summary>A folder with one folder of images for each class, which bears the class's name.</summary>
static class ImageFolder
{
    static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    /// <summary>The images of one folder to train on, and those of another to test on; without another, a fifth of the first.</summary>
    public static (IDataView Train, IDataView Test) Load(MLContext ml, string folder, string? testFolder)
    {
        var images = ml.Data.LoadFromEnumerable(Read(folder));
        if (testFolder is not null)
            return (images, ml.Data.LoadFromEnumerable(Read(testFolder)));
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
        return (split.TrainSet, split.TestSet);
    }

    static LabeledImage[] Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");

        LabeledImage[] images =
        [
            .. from classFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
               from file in Directory.EnumerateFiles(classFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               where Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
               select new LabeledImage(file, Path.GetFileName(classFolder)),
        ];
        if (images.Length == 0)
            throw new InvalidDataException($"'{folder}' has no images: it must have a folder for each class, with files in it that end in {string.Join(", ", Endings)}.");

        Console.WriteLine($"{folder}: {images.Length} images of {images.DistinctBy(image => image.Label).Count()} classes");
        return images;
    }
}

/// <summary>A row of data: an image file and its class.</summary>
sealed record LabeledImage(string ImagePath, string Label);
