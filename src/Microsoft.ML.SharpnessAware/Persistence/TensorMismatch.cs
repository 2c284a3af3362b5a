namespace Microsoft.ML.SharpnessAware;

/// <summary>How named tensors differ from those that are wanted.</summary>
internal sealed record TensorMismatch(IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown, IReadOnlyList<string> OfOtherShape)
{
    const int MostNamed = 5;

    public bool IsNone => Missing.Count + Unknown.Count + OfOtherShape.Count == 0;

    public static TensorMismatch Of(IEnumerable<(string Name, long[] Shape)> given, IReadOnlyDictionary<string, Tensor> wanted)
    {
        var found = given.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        return new(
            [.. wanted.Keys.Where(name => !found.ContainsKey(name)).Select(Quoted)],
            [.. found.Keys.Where(name => !wanted.ContainsKey(name)).Select(Quoted)],
            [.. found.Where(f => wanted.TryGetValue(f.Key, out var tensor) && !tensor.shape.SequenceEqual(f.Value))
                .Select(f => $"'{f.Key}' ({TensorEntry.Text(f.Value)} instead of {TensorEntry.Text(wanted[f.Key].shape)})")]);
    }

    /// <summary>What is wrong in both.</summary>
    public TensorMismatch And(TensorMismatch other) =>
        new([.. Missing.Intersect(other.Missing)], [.. Unknown.Intersect(other.Unknown)], [.. OfOtherShape.Intersect(other.OfOtherShape)]);

    /// <exception cref="FormatException">There is a difference.</exception>
    public void Throw()
    {
        if (!IsNone)
            throw new FormatException($"the weights do not fit the network: {this}");
    }

    public override string ToString() => string.Join("; ", new[] { List("missing", Missing), List("unknown to the network", Unknown), List("of another shape", OfOtherShape) }.OfType<string>());

    static string Quoted(string name) => $"'{name}'";

    static string? List(string fault, IReadOnlyList<string> tensors) => tensors.Count == 0
        ? null
        : $"{fault} {(tensors.Count == 1 ? "is" : "are")} {Listing.Of(tensors, most: MostNamed)}";
}
