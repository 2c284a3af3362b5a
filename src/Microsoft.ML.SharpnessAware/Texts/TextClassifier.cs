using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier of texts.</summary>
internal sealed class TextClassifier(TextModel model, ITokenEncoder encoder, LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device) : Classifier(typeof(SamTextTransformer), classes, network, device, model.Embedding, model.Network.NameOfLastLayer)
{
    const string Vocabulary = "Vocabulary.json";

    public override ClassifierColumns Columns => new(model.Columns.Label, model.Columns.Score, model.Columns.PredictedLabel, model.Embedding?.Name);

    public override JsonObject Training => model.Training;

    public override OnnxInputs OnnxInputs { get; } = new TextOnnxInputs(model);

    /// <summary>All about it but its weights, its vocabulary and the values of its keys.</summary>
    public TextModel Model => model;

    /// <summary>Its vocabulary.</summary>
    public ITokenEncoder Encoder => encoder;

    public override ClassifierFacts Facts => new()
    {
        Network = model.Network.ToString(),
        Input = $"up to {model.Shape.MaxLength} tokens, of a vocabulary of {model.Shape.Vocabulary}",
        Classes = Classes.Names,
        LabelColumnName = model.Columns.Label,
        InputColumnNames = model.Columns.Sentence2 is { } second ? [model.Columns.Sentence1, second] : [model.Columns.Sentence1],
        ScoreColumnName = model.Columns.Score,
        PredictedLabelColumnName = model.Columns.PredictedLabel,
        TrainingJson = model.Training.ToJsonString(RecordJson.Options),
    };

    /// <exception cref="FormatException">The model is damaged.</exception>
    public static TextClassifier Load(IHost host, ModelLoadContext context)
    {
        var (classes, model) = LoadModel<TextModel>(host, context);
        var encoder = ModelParts.Load(host, context, Vocabulary, model.Tokenizer.Load);
        host.CheckDecode(encoder.VocabularySize == model.Shape.Vocabulary && encoder.PadId == model.Shape.PadId, "The model's parts disagree on the vocabulary.");
        var device = Libtorch.OpenToScore(host);
        return new TextClassifier(model, encoder, classes, LoadNetwork(host, context, device, model.Network.LeastWeights(model.Shape), () => model.Network.WithoutFiles.Build(model.Shape, classes.Count)), device);
    }

    public override ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context)
    {
        SentenceColumns.Check(SchemaShape.Create(schema), model.Columns.Sentence1, model.Columns.Sentence2, context);
        return new TextInput(model, new TextPairReader(schema, model.Columns.Sentence1, model.Columns.Sentence2), encoder);
    }

    public override nn.Module<Tensor, Tensor> BuildNetwork() => model.Network.WithoutFiles.Build(model.Shape, Classes.Count);

    public override IExamples Load(IDataView data, IHost host, Action checkAlive) =>
        TextExamples.Of(new LabelledTextLoader(data, Loading(checkAlive)).Load(), encoder, model.Shape.MaxLength, checkAlive);

    protected override void SaveParts(ModelSaveContext context)
    {
        Read(network => ModelParts.Save(context, model, network));
        context.SaveBinaryStream(Vocabulary, part => encoder.Save(part.BaseStream));
    }

    TextLoading Loading(Action checkAlive) => new()
    {
        Sentence1Column = model.Columns.Sentence1,
        Sentence2Column = model.Columns.Sentence2,
        LabelColumn = model.Columns.Label,
        EmptyTexts = model.EmptyTexts,
        CheckAlive = checkAlive,
    };
}

/// <summary>The columns that a text classifier reads.</summary>
internal static class SentenceColumns
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds something else than texts.</exception>
    public static void Check(SchemaShape input, string sentence1, string? sentence2, IExceptionContext context)
    {
        CheckOne(input, "first sentence", sentence1, context);
        if (sentence2 is not null)
            CheckOne(input, "second sentence", sentence2, context);
    }

    static void CheckOne(SchemaShape input, string role, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var column))
            throw context.ExceptSchemaMismatch(nameof(input), role, name);
        if (column.IsKey || column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType != TextDataViewType.Instance)
            throw context.ExceptSchemaMismatch(nameof(input), role, name, "String", column.GetTypeString());
    }
}

/// <summary>The names of the columns that a text classifier reads and adds; the second sentence's is null where there is none.</summary>
internal sealed record TextColumns(string Label, string Sentence1, string? Sentence2, string Score, string PredictedLabel);

/// <summary>The columns of texts that a classifier reads.</summary>
internal sealed class TextInput(TextModel model, TextPairReader reader, ITokenEncoder encoder) : ClassifierInput
{
    public override IReadOnlyList<DataViewSchema.Column> Columns => reader.Columns;

    public override DataViewRowCursor Cursor(IDataView data, IEnumerable<DataViewSchema.Column> others, Random? random) => data.GetRowCursor([.. reader.Columns, .. others], random);

    public override IRowIntake Open(DataViewRow row) => new TextIntake(model, reader.Open(row), encoder);
}

/// <summary>Gathers texts and tokenizes them.</summary>
internal sealed class TextIntake(TextModel model, Func<TextPair> texts, ITokenEncoder encoder) : IRowIntake
{
    readonly List<TokenizedText> _texts = [];

    public int Most => int.MaxValue;

    public void Add()
    {
        var text = texts();
        _texts.Add(new TokenizedText(encoder.Encode(text.First, text.Second, model.Shape.MaxLength), text.IsEmpty));
    }

    public IScorableRows Take()
    {
        var rows = new TokenizedTexts(model, [.. _texts]);
        _texts.Clear();
        return rows;
    }

    public void Clear() => _texts.Clear();
}

/// <summary>All about a text classifier but its weights, its vocabulary and the values of its keys; what Model.json holds.</summary>
internal sealed record TextModel : IClassifierModel
{
    public required TextColumns Columns { get; init; }

    public required TextNetwork Network { get; init; }

    /// <summary>The kind of vocabulary that lies beside it.</summary>
    public required TextTokenizer Tokenizer { get; init; }

    public required TextShape Shape { get; init; }

    public required EmptyTextPolicy EmptyTexts { get; init; }

    /// <summary>The classes as people call them.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The column of what comes to the network's last layer; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingColumn? Embedding { get; init; }

    /// <summary>Whether the file holds large weights as F16.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HalfPrecisionWeights { get; init; }

    /// <summary>How the model came about, for people to read; nothing depends on it.</summary>
    public required JsonObject Training { get; init; }
}

/// <summary>A text as token ids.</summary>
internal readonly record struct TokenizedText(TokenRow Tokens, bool IsEmpty);

/// <summary>Some texts as token ids.</summary>
internal sealed class TokenizedTexts(TextModel model, TokenizedText[] texts) : IScorableRows
{
    public int Count => texts.Length;

    public IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device) =>
        from batch in LengthGroups.Of(Array.ConvertAll(texts, text => text.Tokens.Ids.Length))
        select (PaddedTokens.Of(Array.ConvertAll(batch, row => texts[row].Tokens), model.Shape.PadId).to(device), batch);

    public bool IsUnusable(int index, long? position)
    {
        if (texts[index].IsEmpty && model.EmptyTexts == EmptyTextPolicy.Fail)
            throw Contracts.Except($"Cannot classify {ScoredRows.NameOf(position)}: {TextPair.EmptyReason} in column '{model.Columns.Sentence1}'. To give such rows the score NaN and no label, train with EmptyTexts = {EmptyTextPolicy.Skip}; to score them, with {EmptyTextPolicy.Keep}.");
        return texts[index].IsEmpty && model.EmptyTexts == EmptyTextPolicy.Skip;
    }
}
