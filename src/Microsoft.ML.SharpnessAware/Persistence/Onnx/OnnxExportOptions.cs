namespace Microsoft.ML.SharpnessAware;

/// <summary>How a model is written to an ONNX file.</summary>
public sealed record OnnxExportOptions
{
    internal const int LeastOpset = 12;
    const int GreatestOpset = 17;

    /// <summary>The version of ONNX's operators, from 12 to 17. Default: 17.</summary>
    public int Opset { get; init => field = Require.That(value is >= LeastOpset and <= GreatestOpset, value, $"from {LeastOpset} to {GreatestOpset}"); } = GreatestOpset;
}
