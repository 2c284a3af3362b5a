using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// Finds the weights of a network in an ONNX file whose names say nothing: walks through both graphs side by side, from what they put out to what they are
/// given. Layers have to be the same and in the same order, so that no weight is guessed by its shape.
/// </summary>
/// <param name="ours">The network's own graph, whose constants have its names.</param>
/// <param name="theirs">The file's.</param>
internal sealed class OnnxWalk(OnnxWeightsFile ours, OnnxWeightsFile theirs)
{
    // The source of the scales of norms that a convolution has taken in: what their variance of 1 is divided by.
    const string Deviation = "√(1 + ε)";

    readonly OnnxLayers _ours = new(ours);
    readonly OnnxLayers _theirs = new(theirs);
    readonly Dictionary<(string Ours, string Theirs), Pair?> _pairs = [];
    string _reason = "there is nothing in common";
    int _depth;
    int _deepest = -1;
    bool _isQuiet;

    /// <summary>Batch norms of the network that the file has as a part of the convolution before.</summary>
    public int Folded { get; private set; }

    /// <summary>What the file calls the inputs of the last layer; null where the network's last layer is not a linear one.</summary>
    public string? Features { get; private set; }

    /// <summary>The weights that were found, by the network's names. Those of the last layer are missing where the file ends before it.</summary>
    /// <param name="lastLayer">What puts out the logits; the file may have it for another number of classes, or not at all.</param>
    /// <exception cref="FormatException">The graphs differ; the message says where.</exception>
    public IReadOnlyDictionary<string, Func<Tensor>> Find(string lastLayer)
    {
        foreach (var output in theirs.Outputs)
            if (Whole(output, lastLayer) is { } pair)
                return Weights(pair);
        throw new FormatException($"its graph is not the network's: {_reason}");
    }

    Pair? Whole(string output, string lastLayer)
    {
        var head = _ours.Before(ours.Outputs[0]);
        if (head is not { Kind: LayerKind.Linear })
            return Match(ours.Outputs[0], output);
        var features = head.Inputs[0];
        var theirHead = _theirs.Before(output) is { Kind: LayerKind.Linear, Passed: [] or ["Softmax"] } last && head.Weights[0].StartsWith($"{lastLayer}.", StringComparison.Ordinal) ? last : null;
        Features = theirHead?.Inputs[0] ?? output;
        return Match(features, Features) is not { } body ? null : theirHead is null ? body : new Pair(body, [.. OfLinear(head, theirHead)]);
    }

    Dictionary<string, Func<Tensor>> Weights(Pair whole)
    {
        var found = new Dictionary<string, Found>();
        var seen = new HashSet<Pair>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Pair>([whole]);
        while (open.TryPop(out var pair))
        {
            if (!seen.Add(pair))
                continue;
            foreach (var weights in pair.Weights)
                if (!found.TryAdd(weights.Name, weights) && found[weights.Name].Source != weights.Source)
                    throw new FormatException($"its graph is not the network's: where the network has '{weights.Name}' twice, it has '{found[weights.Name].Source}' and '{weights.Source}'");
            foreach (var inner in pair.Inner)
                open.Push(inner);
        }
        Folded = found.Values.Count(weights => weights.Source == Deviation);
        return found.ToDictionary(weights => weights.Key, weights => weights.Value.Read);
    }

    Pair? Match(string ourValue, string theirValue)
    {
        if (_pairs.TryGetValue((ourValue, theirValue), out var known))
            return known;
        _depth++;
        var (our, their) = (_ours.Before(ourValue), _theirs.Before(theirValue));
        var pair = their.Kind == LayerKind.Other ? Fault(our, $"the file has {their.Words}")
            : !our.Passed.SequenceEqual(their.Passed) ? Fault(our, $"the network has {Words(our.Passed)}, and the file {Words(their.Passed)}")
            : (our.Kind, their.Kind) switch
            {
                (LayerKind.Input, LayerKind.Input) => new Pair(),
                (LayerKind.Norm, LayerKind.Conv) => Folding(our, their),
                (LayerKind.Conv, LayerKind.Conv) => Convs(our, their),
                (LayerKind.Norm, LayerKind.Norm) or (LayerKind.Linear, LayerKind.Linear) => Layers(our, their),
                (LayerKind.Sum, LayerKind.Sum) when our.Inputs.Length == 2 && their.Inputs.Length == 2 => Sums(our, their),
                (LayerKind.Concat, LayerKind.Concat) when our.Inputs.Length == their.Inputs.Length => All(our.Inputs.Zip(their.Inputs)),
                _ => Fault(our, $"the network has {our.Words}, and the file {their.Words}"),
            };
        _depth--;
        return _pairs[(ourValue, theirValue)] = pair;
    }

    // Two branches may be added in either order.
    Pair? Sums(OnnxLayer our, OnnxLayer their)
    {
        var straight = All(our.Inputs.Zip(their.Inputs));
        var isQuiet = _isQuiet;
        _isQuiet |= straight is not null;
        var crossed = All(our.Inputs.Zip(Enumerable.Reverse(their.Inputs)));
        _isQuiet = isQuiet;
        return straight is not null && crossed is not null && straight.HasWeights ? Fault(our, "two branches that are added cannot be told apart") : straight ?? crossed;
    }

    Pair? All(IEnumerable<(string Ours, string Theirs)> values)
    {
        List<Pair> inner = [];
        foreach (var (ourValue, theirValue) in values)
        {
            if (Match(ourValue, theirValue) is not { } pair)
                return null;
            inner.Add(pair);
        }
        return new Pair([.. inner], []);
    }

    Pair? Layers(OnnxLayer our, OnnxLayer their)
    {
        var weights = (our.Kind == LayerKind.Linear ? OfLinear(our, their) : our.Weights.Zip(their.Weights, Same)).ToArray();
        return AreAlike(our, their) && Match(our.Inputs[0], their.Inputs[0]) is { } before ? new Pair(before, weights) : null;
    }

    Pair? Convs(OnnxLayer our, OnnxLayer their) => our.Weights.Length != their.Weights.Length
        ? Fault(our, $"the network's convolution has {(our.Weights.Length > 1 ? "a" : "no")} bias, and the file's has {(their.Weights.Length > 1 ? "one" : "none")}")
        : Layers(our, their);

    // The file has the norm as a part of the convolution before: parameters with which it only adds the bias.
    Pair? Folding(OnnxLayer norm, OnnxLayer their)
    {
        var our = _ours.Before(norm.Inputs[0]);
        if (our is not { Kind: LayerKind.Conv, Passed: [] } || their.Weights.Length == 1)
            return Fault(norm, $"the network has {norm.Words}, and the file {their.Words}");
        if (!AreAlike(our, their))
            return null;
        var (scale, shift, mean, variance) = (norm.Weights[0], norm.Weights[1], norm.Weights[2], norm.Weights[3]);
        var shape = ours.ShapeOf(scale);
        var deviation = Math.Sqrt(1 + norm.Epsilon);
        Found[] weights =
        [
            Same(our.Weights[0], their.Weights[0]),
            .. our.Weights.Skip(1).Select(bias => new Found(bias, "0", () => zeros(ours.ShapeOf(bias)))),
            new(scale, Deviation, () => full(shape, deviation)),
            Same(shift, their.Weights[1]),
            new(mean, "0", () => zeros(shape)),
            new(variance, "1", () => ones(shape)),
        ];
        return Match(our.Inputs[0], their.Inputs[0]) is { } before ? new Pair(before, weights) : null;
    }

    // Matrices are transposed where they are taken so.
    IEnumerable<Found> OfLinear(OnnxLayer our, OnnxLayer their)
    {
        yield return new(our.Weights[0], their.Weights[0], () => our.IsTransposed == their.IsTransposed ? theirs[their.Weights[0]] : theirs[their.Weights[0]].t());
        if (our.Weights.Length > 1)
            yield return their.Weights.Length > 1 ? Same(our.Weights[1], their.Weights[1]) : new(our.Weights[1], "0", () => zeros(ours.ShapeOf(our.Weights[1])));
    }

    Found Same(string our, string their) => new(our, their, () => theirs[their].reshape(theirs.ShapeOf(their).Length == ours.ShapeOf(our).Length ? theirs.ShapeOf(their) : ours.ShapeOf(our)));

    // Whether the layers compute the same but for the numbers in their weights. ε is in single precision in files.
    bool AreAlike(OnnxLayer our, OnnxLayer their)
    {
        foreach (var (ourWeights, theirWeights) in our.Weights.Zip(their.Weights))
        {
            var (wanted, given) = (ours.ShapeOf(ourWeights), theirs.ShapeOf(theirWeights));
            if (our.Kind == LayerKind.Linear && our.IsTransposed != their.IsTransposed)
                Array.Reverse(given);
            if (wanted.Where(size => size != 1).SequenceEqual(given.Where(size => size != 1)))
                continue;
            Fault(our, $"the network's weights have the shape {TensorEntry.Text(wanted)}, and the file's, '{theirWeights}', {TensorEntry.Text(given)}");
            return false;
        }
        if (our.Kind == LayerKind.Conv && our.Window != their.Window)
            Fault(our, $"the network's convolution has {our.Window}, and the file's {their.Window}");
        else if (Math.Abs(our.Epsilon - their.Epsilon) > 0.001 * our.Epsilon)
            Fault(our, Invariant($"the network's batch norm adds {(float)our.Epsilon} to the variance, and the file's {(float)their.Epsilon}"));
        else
            return true;
        return false;
    }

    // What is told in the end is the first of the differences that are farthest from the output.
    Pair? Fault(OnnxLayer at, string reason)
    {
        if (_depth > _deepest && !_isQuiet)
            (_deepest, _reason) = (_depth, $"{_ours.NameOf(at)} {reason}");
        return null;
    }

    static string Words(IReadOnlyList<string> passed) => passed.Count == 0 ? "nothing between two layers" : Listing.OfNames(passed);

    /// <summary>A weight of the network.</summary>
    /// <param name="Name">The network's name for it.</param>
    /// <param name="Source">The file's constant, or a number.</param>
    /// <param name="Read">Its numbers, in the caller's scope.</param>
    sealed record Found(string Name, string Source, Func<Tensor> Read);

    /// <summary>Values of both graphs that are the same.</summary>
    sealed class Pair(Pair[] inner, Found[] weights)
    {
        public Pair() : this(inner: [], weights: []) { }

        public Pair(Pair before, Found[] weights) : this([before], weights) { }

        public Pair[] Inner => inner;

        public Found[] Weights => weights;

        public bool HasWeights { get; } = weights.Length > 0 || Array.Exists(inner, pair => pair.HasWeights);
    }
}
