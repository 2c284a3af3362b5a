namespace MlnetSam;

/// <summary>An image file and its class.</summary>
sealed record ImageFile(string ImagePath, string Label);

/// <summary>Folders with one folder of images for each class, which bears the class's name.</summary>
static class ImageFiles
{
    /// <summary>What names of image files end in.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"];

    /// <summary>The images with their classes, in the order of their names.</summary>
    /// <exception cref="IOException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There are no images in it, or none in folders.</exception>
    public static ImageFile[] WithClasses(string folder)
    {
        RequireFolder(folder);
        var images = (from classFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
                      from file in In(classFolder)
                      select new ImageFile(file, Path.GetFileName(classFolder))).ToArray();
        if (images.Length > 0)
            return images;
        var loose = In(folder).Count();
        throw new InvalidDataException(loose > 0
            ? $"'{folder}' has {loose} images, but no folder of images for each class: move the images of a class into a folder with the class's name."
            : $"'{folder}' has no images: it must have a folder for each class, with files in it that end in {string.Join(", ", Endings)}.");
    }

    /// <summary>All images in folders, and files as they are.</summary>
    /// <exception cref="IOException">A file or folder is missing.</exception>
    public static string[] Of(IEnumerable<string> filesAndFolders) =>
    [
        .. from path in filesAndFolders
           from file in Directory.Exists(path) ? In(path) : File.Exists(path) ? [path] : throw new FileNotFoundException($"There is no file or folder '{path}'.")
           select file,
    ];

    static void RequireFolder(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file, but images are read from a folder with a folder for each class. For a file of texts take the command 'text'.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
    }

    static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal);
}
