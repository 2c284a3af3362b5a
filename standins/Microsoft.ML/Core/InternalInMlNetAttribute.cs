namespace Microsoft.ML;

/// <summary>Marks what ML.NET keeps internal and a publicized reference shows.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
internal sealed class InternalInMlNetAttribute : Attribute;
