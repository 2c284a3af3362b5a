using System.Text.Json;
using Microsoft.ML.SharpnessAware;

namespace Pictures;

/// <summary>Measurements as JSON files of a folder, so that a picture can be drawn again without training again.</summary>
sealed class Measurements(string folder)
{
    static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    /// <summary>What the file of that name holds; measured and written if there is none.</summary>
    public T Get<T>(string name, Func<T> measure)
    {
        var file = Path.Combine(folder, $"{name}.json");
        if (File.Exists(file))
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file)) ?? throw new InvalidDataException($"{file} holds no measurement. Delete it to measure again.");
        var measured = measure();
        Directory.CreateDirectory(folder);
        WholeFile.Write(file, writer => writer.Write(JsonSerializer.Serialize(measured, _json)));
        return measured;
    }
}
