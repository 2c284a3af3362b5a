namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A copy of one of the small models in Golden/Networks, to spoil.</summary>
sealed class TinyFolder : IDisposable
{
    static readonly (string Name, string Content)[] WordPieceFiles =
    [
        ("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nsun\nrain\nsoup\ns\nu\nn\nr\na\ni\no\np\n##n\n##p\n"),
    ];

    static readonly (string Name, string Content)[] BytePairFiles =
    [
        ("vocab.json", """{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"s":4,"u":5,"n":6,"r":7,"a":8,"i":9,"o":10,"p":11,"Ġ":12,"Ġs":13,"Ġr":14,"in":15,"Ġra":16}"""),
        ("merges.txt", "#version: 0.2\nĠ s\nĠ r\ni n\nĠr a\n"),
    ];

    public TinyFolder(string name = "bert")
    {
        Path = Directory.CreateTempSubdirectory("model").FullName;
        foreach (var file in Directory.EnumerateFiles(Golden.PathOf($"Networks/{name}")))
            File.Copy(file, In(System.IO.Path.GetFileName(file)));
    }

    public string Path { get; }

    /// <summary>With a vocabulary of the network's size, whose words are sun, rain and soup.</summary>
    public static TinyFolder WithVocabulary(string name)
    {
        var folder = new TinyFolder(name);
        foreach (var (file, content) in name == "roberta" ? BytePairFiles : WordPieceFiles)
            File.WriteAllText(folder.In(file), content);
        return folder;
    }

    public string In(string file) => System.IO.Path.Combine(Path, file);

    public TinyFolder ChangeConfig(string from, string to)
    {
        var config = File.ReadAllText(In("config.json"));
        Assert.Contains(from, config);
        File.WriteAllText(In("config.json"), config.Replace(from, to));
        return this;
    }

    public TinyFolder ChangeWeights(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = File.OpenRead(In("model.safetensors")))
            tensors = SafeTensors.Read(file);
        change(tensors);
        using var changed = File.Create(In("model.safetensors"));
        SafeTensors.Write(changed, tensors);
        return this;
    }

    public TinyFolder Delete(string file)
    {
        File.Delete(In(file));
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
