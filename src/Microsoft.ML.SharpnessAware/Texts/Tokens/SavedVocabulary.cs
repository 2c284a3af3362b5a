using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Vocabularies as a part of the model file: JSON.</summary>
internal static class SavedVocabulary
{
    public static void Write<T>(Stream stream, T vocabulary) => JsonSerializer.Serialize(stream, vocabulary, RecordJson.Options);

    /// <exception cref="JsonException">It is no JSON of such a vocabulary.</exception>
    public static T Read<T>(Stream stream)
        where T : class => JsonSerializer.Deserialize<T>(stream, RecordJson.Options) ?? throw new JsonException("the vocabulary is missing");
}
