namespace Microsoft.ML.SharpnessAware;

/// <summary>An element type as safetensors names it.</summary>
internal sealed record TensorType(string Name, ScalarType Scalar, int Size)
{
    static readonly TensorType[] All =
    [
        new("F64", ScalarType.Float64, 8), new("F32", ScalarType.Float32, 4), new("F16", ScalarType.Float16, 2), new("BF16", ScalarType.BFloat16, 2),
        new("I64", ScalarType.Int64, 8), new("I32", ScalarType.Int32, 4), new("I16", ScalarType.Int16, 2), new("I8", ScalarType.Int8, 1),
        new("U8", ScalarType.Byte, 1), new("BOOL", ScalarType.Bool, 1),
    ];

    public static TensorType? Named(string? name) => Array.Find(All, type => type.Name == name);

    public static TensorType Of(Tensor tensor) =>
        Array.Find(All, type => type.Scalar == tensor.dtype) ?? throw new NotSupportedException($"Tensors of type {tensor.dtype} cannot be saved.");
}
