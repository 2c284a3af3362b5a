namespace Microsoft.ML.Data;

/// <summary>Keeps a member out of the schema.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute;
