using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelOperationsCatalog : IInternalCatalog
{
    private const string SchemaEntryName = "Schema";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryWriter.CreateNew(stream, _env);
        ModelSaveContext.SaveModel(repository, model, TransformerChain.LoaderSignature);
        if (inputSchema != null)
        {
            using var channel = _env.Start("Saving Schema");
            SchemaFile.Write(_env, channel, inputSchema, repository.CreateEntry(SchemaEntryName).Stream);
        }
        repository.Commit();
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        _env.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        _env.CheckValue(stream, nameof(stream));
        using var repository = RepositoryReader.Open(stream, _env);
        inputSchema = null;
        if (repository.OpenEntryOrNull(SchemaEntryName) is { } entry)
        {
            inputSchema = SchemaFile.Read(_env, entry.Stream);
            ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_env, out var model, repository, TransformerChain.LoaderSignature);
            return model;
        }
        if (ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(_env, out var chain, repository, TransformerChain.LoaderSignature))
            return chain;
        throw NoModel(repository);
    }

    /// <summary>What ML.NET says after it has looked for a model of its first versions in vain.</summary>
    private Exception NoModel(RepositoryReader repository)
    {
        if (repository.OpenEntryOrNull(ModelLoadContext.ModelStreamName) != null)
            return _env.ExceptNotSupp("Models saved with a data loader are not part of this stand-in of ML.NET; load the model with ML.NET itself.");
        var missing = _env.Except("Repository doesn't contain entry {0}", Path.Combine("DataLoaderModel", ModelLoadContext.ModelStreamName));
        return _env.Except(missing, "Could not load legacy format model");
    }
}
