namespace Microsoft.ML.SharpnessAware;

/// <summary>A model's JSON, with the number of its format and the version of the library that wrote it.</summary>
internal sealed record VersionedJson<T>(int Format, string Library, T Model);
