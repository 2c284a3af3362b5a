namespace Microsoft.ML.Data;

/// <summary>Gives the column of a member another name than the member's.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute : Attribute
{
    internal string Name { get; }

    public ColumnNameAttribute(string name) => Name = name;
}
