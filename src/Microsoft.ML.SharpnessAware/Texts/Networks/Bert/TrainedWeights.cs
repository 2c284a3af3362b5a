namespace Microsoft.ML.SharpnessAware;

/// <summary>The weights of a model folder: model.safetensors, with the names that the Hugging Face Hub has.</summary>
internal static class TrainedWeights
{
    const string FileName = "model.safetensors";

    static readonly string[] FirstWords = ["bert.", "distilbert.", "roberta."];

    // What other heads left in the file, and a table of the numbers 0, 1, 2, ... that old versions saved.
    static readonly string[] NotOurs = ["classifier.", "cls.", "lm_head.", "pooler.", "pre_classifier.", "qa_outputs.", "vocab_", "embeddings.position_ids"];

    /// <exception cref="InvalidOperationException">There is no such file.</exception>
    public static void CheckExist(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
            throw new InvalidOperationException($"The model folder '{folder}' has no {FileName}. Download it with the config, or save the model as safetensors; files that Python pickled, such as pytorch_model.bin, are not read.");
    }

    /// <summary>Copies the file's weights into those of a network; other heads than the network's stay out.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or has other tensors than the network.</exception>
    public static void ReadInto(IReadOnlyDictionary<string, Tensor> network, string folder, NamesInFiles names, int layers)
    {
        CheckExist(folder);
        var path = Path.Combine(folder, FileName);
        Dictionary<string, Tensor> tensors = [];
        try
        {
            using (var file = File.OpenRead(path))
                tensors = SafeTensors.Read(file);
            var trained = ByCommonName(tensors);
            var wanted = names.InFile(network, layers, withHead: names.Head.Any(part => trained.ContainsKey($"{part.InFiles}.weight")));
            foreach (var name in trained.Keys.Where(name => !wanted.ContainsKey(name) && NotOurs.Any(other => name.StartsWith(other, StringComparison.Ordinal))).ToArray())
                trained.Remove(name);
            SafeTensors.Copy(trained, into: wanted);
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The weights in '{path}' cannot be used: {fault.Message.TrimEnd('.')}. They have to be those of the config.json beside them.", fault);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }
    }

    static Dictionary<string, Tensor> ByCommonName(Dictionary<string, Tensor> tensors)
    {
        var named = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in tensors)
            if (!named.TryAdd(CommonName(name), tensor))
                throw new FormatException($"'{CommonName(name)}' is there twice, under an old and a new name");
        return named;
    }

    // Without the first word; and norm layers, which once had a gamma and a beta, as all others.
    static string CommonName(string name)
    {
        var rest = FirstWords.FirstOrDefault(word => name.StartsWith(word, StringComparison.Ordinal)) is { } word ? name[word.Length..] : name;
        return rest.EndsWith(".gamma", StringComparison.Ordinal) ? rest[..^".gamma".Length] + ".weight"
            : rest.EndsWith(".beta", StringComparison.Ordinal) ? rest[..^".beta".Length] + ".bias"
            : rest;
    }
}
