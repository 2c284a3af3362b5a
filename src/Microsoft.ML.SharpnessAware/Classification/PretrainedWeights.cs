namespace Microsoft.ML.SharpnessAware;

/// <summary>Weights that others trained: a safetensors file with the names of a network's own, or an ONNX file, whose graph leads to them where its names do not.</summary>
/// <param name="path">The file.</param>
/// <param name="lastLayer">What puts out the logits; its weights may be missing, or for other classes.</param>
/// <param name="nameInModule">What the module calls a tensor that files may call otherwise.</param>
/// <param name="beside">Weights of a network that lie in other files beside an ONNX file.</param>
/// <param name="missing">What to do where there is no such file, as the beginning of a sentence; null: download it.</param>
internal sealed class PretrainedWeights(string path, string lastLayer, Func<string, string> nameInModule, Func<nn.Module, IReadOnlyDictionary<string, Tensor>> beside, string? missing = null)
{
    /// <summary>Weights that have the module's own names, all in one file.</summary>
    public PretrainedWeights(string path, string lastLayer) : this(path, lastLayer, name => name, _ => new Dictionary<string, Tensor>()) { }

    /// <summary>What compares the network with an ONNX file, and says in a sentence how far they agree; null for no comparison. The last argument is what the file calls the inputs of the last layer.</summary>
    public Func<OnnxWeightsFile, nn.Module, string, string>? Verify { get; init; }

    /// <summary>Copies the file's weights into those of the network, but for the last layer's where they are for other classes. Says in a line what has come of it.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than the network, or computes something else.</exception>
    public string ReadInto(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return Open(file => IsOnnx ? ReadOnnxInto(network, file) : ReadSafeTensorsInto(network, file));
    }

    string ReadOnnxInto(nn.Module network, Stream file)
    {
        var onnx = OnnxWeightsFile.Read(file, Folder);
        var weights = OnnxWeights.Of(onnx, network, lastLayer, nameInModule, beside(network));
        var fit = new WeightsFit(weights.Entries, network, lastLayer);
        fit.TensorMismatch.Throw();
        weights.CopyInto(fit.Targets());
        fit.Resize();
        var said = Said(fit, weights.How);
        return Verify is null ? said : $"{said} {Verify(onnx, network, weights.Features ?? throw OnnxReference.Incomparable("what comes to its last layer is not known"))}";
    }

    string ReadSafeTensorsInto(nn.Module network, Stream file)
    {
        WeightsFit fit = null!;
        SafeTensors.ReadInto(file, inFile =>
        {
            fit = Fit(inFile, network);
            return (fit.Wanted, fit.Targets());
        });
        fit.Resize();
        return Said(fit, how: "");
    }

    string Said(WeightsFit fit, string how) => $"Read {fit.Wanted.Count} tensors from '{path}'{how}.{fit.Exceptions}";

    /// <summary>Checks that the weights fit one of these networks, without reading them. The networks are disposed of.</summary>
    /// <returns>Which network they fit, counted from 0.</returns>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than any of the networks; what is the same for all is listed.</exception>
    public int Check(IEnumerable<nn.Module> networks) => Open(file =>
    {
        var number = -1;
        var fits = Fitting(file);
        TensorMismatch? common = null;
        FormatException? another = null;
        foreach (var network in networks)
        {
            number++;
            using var scope = NewDisposeScope();
            try
            {
                using (network)
                    common = fits(network).TensorMismatch is var mismatch && common is null ? mismatch : common.And(mismatch);
            }
            catch (FormatException fault) when (IsOnnx)
            {
                another ??= fault;
                continue;
            }
            if (common.IsNone)
                return number;
        }
        common?.Throw();
        throw another!;
    });

    // What the file, which is read once, holds for a network.
    Func<nn.Module, WeightsFit> Fitting(Stream file)
    {
        if (IsOnnx)
        {
            var onnx = OnnxWeightsFile.Read(file, Folder);
            return network => new WeightsFit(OnnxWeights.Of(onnx, network, lastLayer, nameInModule, beside(network)).Entries, network, lastLayer);
        }
        var inFile = SafeTensorsHeader.Read(file).Entries;
        return network => Fit(inFile, network);
    }

    bool IsOnnx => Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase);

    string Folder => Path.GetDirectoryName(Path.GetFullPath(path))!;

    WeightsFit Fit(IReadOnlyList<TensorEntry> inFile, nn.Module network) =>
        new([.. inFile.Select(entry => entry with { Name = nameInModule(entry.Name) })], network, lastLayer);

    T Open<T>(Func<Stream, T> read)
    {
        if (Verify is not null && !IsOnnx)
            throw OnnxReference.Incomparable($"'{path}' is no ONNX file, or has a name that does not end in .onnx");
        if (!File.Exists(path))
            throw new InvalidOperationException($"There is no file '{path}' to read the network's weights from. {missing ?? "Download it and give its path"}; nothing is downloaded while training.");
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (Exception fault) when (fault is (FormatException or EndOfStreamException) && LooksLikeOnnx())
        {
            throw Unusable("it looks like an ONNX file, which is read as one where its name ends in .onnx", fault);
        }
        catch (EndOfStreamException end)
        {
            throw Unusable("the file ends early", end);
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(fault.Message.TrimEnd('.'), fault);
        }
    }

    // An ONNX file begins with its version of the format: field 1, a small number. A safetensors file with the length of a header of as many bytes is too short to be one.
    bool LooksLikeOnnx()
    {
        if (IsOnnx)
            return false;
        using var file = File.OpenRead(path);
        return file.ReadByte() == 0x08 && file.ReadByte() is > 0 and < 32;
    }

    InvalidOperationException Unusable(string reason, Exception cause) =>
        new($"The weights in '{path}' cannot be used: {reason}. They have to be a safetensors or an ONNX file of the same network, for inputs of the same kind.", cause);
}

/// <summary>A module some of whose weights are for one size of images, and can be brought to it from another.</summary>
internal interface IResizesWeights
{
    /// <summary>What brings a tensor of a file to the module's size; null where it has to be as it is.</summary>
    Func<Tensor, Tensor>? Resizing(TensorEntry inFile);
}

/// <summary>Which tensors of a file go where in a network: all into those of the same names, but for what may differ.</summary>
internal sealed class WeightsFit
{
    // Nothing depends on it, and files of early versions of PyTorch do not have it.
    const string BatchCount = ".num_batches_tracked";

    readonly string _lastLayer;
    readonly Dictionary<string, Tensor> _network;
    readonly IResizesWeights? _resizes;
    readonly List<(Tensor InFile, string Name, Func<Tensor, Tensor> Resize)> _resized = [];
    readonly string? _whyAfresh;
    readonly int _uncounted;

    /// <exception cref="FormatException">The file has a tensor twice.</exception>
    public WeightsFit(IReadOnlyList<TensorEntry> inFile, nn.Module network, string lastLayer)
    {
        (_lastLayer, _resizes) = (lastLayer, network as IResizesWeights);
        var names = inFile.Select(entry => entry.Name).ToHashSet();
        if (names.Count < inFile.Count)
            throw new FormatException($"'{inFile.GroupBy(entry => entry.Name).First(same => same.Count() > 1).Key}' is there twice, under an old and a new name");

        var state = network.state_dict();
        _whyAfresh = WhyAfresh(inFile, state);
        _network = state.Where(place => !StartsAfresh(place.Key) && (names.Contains(place.Key) || !place.Key.EndsWith(BatchCount, StringComparison.Ordinal))).ToDictionary();
        _uncounted = state.Keys.Count(name => name.EndsWith(BatchCount, StringComparison.Ordinal) && !names.Contains(name));
        Wanted = [.. inFile.Where(entry => !StartsAfresh(entry.Name))];
    }

    /// <summary>The entries of the file that are to be read.</summary>
    public IReadOnlyList<TensorEntry> Wanted { get; }

    public TensorMismatch TensorMismatch => TensorMismatch.Of(Wanted.Select(entry => (entry.Name, ResizingOf(entry) is null ? entry.Shape : _network[entry.Name].shape)), _network);

    /// <summary>What is allowed to differ and does, in words.</summary>
    public string Exceptions =>
        (_whyAfresh is null ? "" : $" The last layer, '{_lastLayer}', starts fresh: {_whyAfresh}.")
        + (_uncounted == 0 ? "" : $" The file lacks {_uncounted} counts of batches, on which nothing depends.")
        + string.Concat(_resized.Select(tensor => $" '{tensor.Name}' was brought from {TensorEntry.Text(tensor.InFile.shape)} to {TensorEntry.Text(_network[tensor.Name].shape)}."));

    /// <summary>Where the wanted go: the network's own tensors, and some in the caller's scope that wait for <see cref="Resize"/>.</summary>
    public Dictionary<string, Tensor> Targets()
    {
        var places = new Dictionary<string, Tensor>(_network);
        foreach (var entry in Wanted)
            if (ResizingOf(entry) is { } resize)
            {
                places[entry.Name] = empty(entry.Shape);
                _resized.Add((places[entry.Name], entry.Name, resize));
            }
        return places;
    }

    /// <summary>Brings tensors that are there for images of another size into the network.</summary>
    public void Resize()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (inFile, name, resize) in _resized)
            _network[name].copy_(resize(inFile));
    }

    Func<Tensor, Tensor>? ResizingOf(TensorEntry entry) => _network.ContainsKey(entry.Name) ? _resizes?.Resizing(entry) : null;

    // Null where the file's last layer is the network's.
    string? WhyAfresh(IReadOnlyList<TensorEntry> inFile, Dictionary<string, Tensor> network)
    {
        if (!inFile.Any(entry => IsOfLastLayer(entry.Name)))
            return "the file has none";
        var weight = $"{_lastLayer}.weight";
        return inFile.FirstOrDefault(entry => entry.Name == weight) is { Shape: [var trained, .. var features] }
            && network.TryGetValue(weight, out var place) && place.shape is [var classes, .. var wanted]
            && trained != classes && features.SequenceEqual(wanted) ? $"the file's is for {trained} classes, not {classes}" : null;
    }

    bool StartsAfresh(string name) => _whyAfresh is not null && IsOfLastLayer(name);

    bool IsOfLastLayer(string name) => name.StartsWith($"{_lastLayer}.", StringComparison.Ordinal);
}
