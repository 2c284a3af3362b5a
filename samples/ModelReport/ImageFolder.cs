namespace ModelReport;

/// <summary>A folder with one folder of images for each class, which bears the class's name.</summary>
static class ImageFolder
{
    static readonly string[] _endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    public static LabeledImage[] Read(string folder) => Directory.Exists(folder)
        ?
        [
            .. from classFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
               from file in Directory.EnumerateFiles(classFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               where _endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
               select new LabeledImage(file, Path.GetFileName(classFolder)),
        ]
        : throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
}

/// <summary>A row of data: an image file and its class.</summary>
sealed record LabeledImage(string ImagePath, string Label);
