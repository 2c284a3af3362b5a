using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The name of a column to make and of the column to make it from.</summary>
public sealed class InputOutputColumnPair
{
    public string InputColumnName { get; }

    public string OutputColumnName { get; }

    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        InputColumnName = inputColumnName ?? outputColumnName;
        OutputColumnName = outputColumnName;
    }
}
