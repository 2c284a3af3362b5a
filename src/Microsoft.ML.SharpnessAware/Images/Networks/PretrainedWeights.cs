namespace Microsoft.ML.SharpnessAware;

/// <summary>Weights that others trained, in a safetensors file with the names of a network's own.</summary>
/// <param name="path">The file.</param>
/// <param name="lastLayer">What puts out the logits; its weights may be missing, or for other classes.</param>
/// <param name="nameInModule">What the module calls a tensor that files may call otherwise.</param>
internal sealed class PretrainedWeights(string path, string lastLayer, Func<string, string> nameInModule)
{
    /// <summary>Copies the file's weights into those of the network, but for the last layer's where they are for other classes. Says in a line what has come of it.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than the network.</exception>
    public string ReadInto(nn.Module network)
    {
        using var scope = NewDisposeScope();
        WeightsFit fit = null!;
        Open(file => SafeTensors.ReadInto(file, inFile =>
        {
            fit = Fit(inFile, network);
            return (fit.Wanted, fit.Places());
        }));
        fit.Resize();
        return $"Read {fit.Wanted.Count} tensors from '{path}'.{fit.Exceptions}";
    }

    /// <summary>Checks that the weights fit one of these networks, without reading them. The networks are disposed of.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than any of the networks; what is the same for all is listed.</exception>
    public void Check(IEnumerable<nn.Module> networks) => Open(file =>
    {
        var inFile = SafeTensorsHeader.Read(file).Entries;
        Misfit? common = null;
        foreach (var network in networks)
        {
            using (network)
                common = Fit(inFile, network).Misfit is var misfit && common is null ? misfit : common.And(misfit);
            if (common.IsNone)
                return;
        }
        common?.Throw();
    });

    WeightsFit Fit(IReadOnlyList<TensorEntry> inFile, nn.Module network) =>
        new([.. inFile.Select(entry => entry with { Name = nameInModule(entry.Name) })], network, lastLayer);

    void Open(Action<Stream> read)
    {
        if (!File.Exists(path))
            throw new InvalidOperationException($"There is no file '{path}' to read the network's weights from. Download it and give its path; nothing is downloaded while training.");
        try
        {
            using var file = File.OpenRead(path);
            read(file);
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

    InvalidOperationException Unusable(string reason, Exception cause) =>
        new($"The weights in '{path}' cannot be used: {reason}. They have to be a safetensors file of the same network, trained on images of as many channels.", cause);
}
