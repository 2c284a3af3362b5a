using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>From the arguments of a catalog's method to explanations.</summary>
internal static class Explainer
{
    const int ImagesInPass = 16;

    public static IReadOnlyList<ImageExplanation> Images(IHostEnvironment env, ITransformer model, IDataView data, ExplainImagesOptions options)
    {
        var (host, settings) = Checked(env, nameof(Images), model, data, options);
        var (classifier, input) = Find<ImageClassifier>(host, model, data, "an image classifier, made by SamImage", "ExplainTexts");
        using var network = classifier.CopyNetwork(PrecisionOf(settings));
        var classOf = new ExplainedClass(host, classifier, settings);
        GradCam? method = null;
        List<ImageExplanation> explanations = [];
        foreach (var (positions, rows) in Batches(classifier, input, settings, host))
            using (NewDisposeScope())
            {
                var images = ChannelsLast.Of(FirstView(rows, network).to(PrecisionOf(settings)));
                method ??= GradCam.Of(network, classifier.Facts.Network, settings.Layer, images);
                var (maps, logits) = method.Explain(images, classOf.Of);
                for (var i = 0; i < positions.Length; i++)
                    if (!rows.IsUnusable(i, positions[i]))
                        explanations.Add(Explanation(positions[i], classOf, maps[i], logits[i], method.LayerName));
            }
        return explanations;
    }

    public static IReadOnlyList<TextExplanation> Texts(IHostEnvironment env, ITransformer model, IDataView data, ExplainTextsOptions options)
    {
        var (host, settings) = Checked(env, nameof(Texts), model, data, options);
        var (classifier, input) = Find<TextClassifier>(host, model, data, "a text classifier, made by SamText", "ExplainImages");
        using var network = classifier.CopyNetwork(PrecisionOf(settings));
        var classOf = new ExplainedClass(host, classifier, settings);
        IntegratedGradients? method = null;
        List<TextExplanation> explanations = [];
        foreach (var (position, text) in TextRows(classifier, input, settings, host))
            using (NewDisposeScope())
            {
                var row = PaddedTokens.Of([text.Tokens], classifier.Model.Shape.PadId).to(network.parameters().First().device);
                method ??= IntegratedGradients.Of(network, classifier.Facts.Network, classifier.Model.Shape.PadId, row);
                explanations.Add(Explanation(position, text, row, method, classOf, settings.Steps));
            }
        return explanations;
    }

    static (IHost Host, TOptions Options) Checked<TOptions>(IHostEnvironment env, string what, ITransformer model, IDataView data, TOptions options)
        where TOptions : ExplainOptions
    {
        var host = env.Register($"Explain{what}");
        host.CheckValue(model, nameof(model));
        host.CheckValue(data, nameof(data));
        return (host, OptionFaults.CheckedCopy(options, host));
    }

    static (TClassifier Classifier, IDataView Input) Find<TClassifier>(IHost host, ITransformer model, IDataView data, string needed, string other)
        where TClassifier : Classifier
    {
        var (part, input) = MeasurablePart.Find(host, model, data, "explained");
        Libtorch.CheckGradients();
        return part.Classifier is TClassifier classifier ? (classifier, input) : throw host.ExceptUserArg(nameof(model), $"The model must be {needed}, or a pipeline with one, but it is a {part.GetType().Name}. {other} explains such.");
    }

    static ScalarType PrecisionOf(ExplainOptions options) => options.DoublePrecision ? ScalarType.Float64 : ScalarType.Float32;

    static long[]? Chosen(ExplainOptions options) => options.Rows is { } rows ? [.. rows.Distinct().Order()] : null;

    /// <exception cref="ArgumentOutOfRangeException">On reading: the data do not have one of the rows.</exception>
    static DrawnRows? Drawn(IDataView input, long[]? rows, IHost host, ExplainOptions options) => rows is null ? null : new DrawnRows(input, rows)
    {
        Missing = (row, count) => host.ExceptUserArg(nameof(options.Rows), $"{nameof(options.Rows)} has {row} (counting from 0), but the data have {count} rows."),
    };

    static IEnumerable<(long[] Positions, IScorableRows Rows)> Batches(ImageClassifier classifier, IDataView input, ExplainOptions options, IHost host)
    {
        var read = classifier.InputOf(input.Schema, host);
        var chosen = Chosen(options);
        using var cursor = read.Cursor(Drawn(input, chosen, host, options) ?? input, [], random: null);
        var intake = read.Open(cursor);
        List<long> positions = [];
        for (var i = 0L; cursor.MoveNext(); i++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            intake.Add();
            positions.Add(chosen?[i] ?? i);
            if (positions.Count < Math.Min(ImagesInPass, intake.Most))
                continue;
            yield return ([.. positions], intake.Take());
            positions.Clear();
        }
        if (positions.Count > 0)
            yield return ([.. positions], intake.Take());
    }

    // The images themselves: of test-time augmentation, they are the first view.
    static Tensor FirstView(IScorableRows rows, nn.Module network) => rows.Batches(network.parameters().First().device).First().Inputs;

    static ImageExplanation Explanation(long position, ExplainedClass classOf, Tensor map, Tensor logits, string layer)
    {
        var (name, probability) = classOf.Named(logits);
        var values = new float[map.shape[0], map.shape[1]];
        var numbers = map.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        Buffer.BlockCopy(numbers, 0, values, 0, numbers.Length * sizeof(float));
        return new ImageExplanation { Row = position, Class = name, Probability = probability, Layer = layer, HeatMap = new HeatMap(values) };
    }

    static IEnumerable<(long Position, LocatedText Text)> TextRows(TextClassifier classifier, IDataView input, ExplainOptions options, IHost host)
    {
        var model = classifier.Model;
        SentenceColumns.Check(SchemaShape.Create(input.Schema), model.Columns.Sentence1, model.Columns.Sentence2, host);
        var reader = new TextPairReader(input.Schema, model.Columns.Sentence1, model.Columns.Sentence2);
        var chosen = Chosen(options);
        using var cursor = (Drawn(input, chosen, host, options) ?? input).GetRowCursor(reader.Columns);
        var text = reader.Open(cursor);
        for (var i = 0L; cursor.MoveNext(); i++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            var pair = text();
            var tokens = classifier.Encoder.Encode(pair.First, pair.Second, model.Shape.MaxLength);
            var position = chosen?[i] ?? i;
            if (!new TokenizedTexts(model, [new TokenizedText(tokens, pair.IsEmpty)]).IsUnusable(0, position))
                yield return (position, new LocatedText(pair, tokens, classifier.Encoder.Places(pair.First, pair.Second, model.Shape.MaxLength)));
        }
    }

    static TextExplanation Explanation(long position, LocatedText text, Tensor row, IntegratedGradients method, ExplainedClass classOf, int steps)
    {
        var logits = method.Logits(row);
        var (name, probability) = classOf.Named(logits);
        var scores = method.Explain(row, Array.ConvertAll(text.Places, place => place is not null), classOf.Of(logits.unsqueeze(0))[0].ToInt64(), steps);
        return new TextExplanation
        {
            Row = position,
            Class = name,
            Probability = probability,
            Tokens = text.Attributions(scores.OfTokens),
            Score = scores.Score,
            BaselineScore = scores.Baseline,
        };
    }
}

/// <summary>The class that is explained: one for all rows, or the one that the network predicts for each.</summary>
internal sealed class ExplainedClass
{
    readonly IReadOnlyList<string> _names;
    readonly int? _index;

    /// <exception cref="ArgumentOutOfRangeException">The model has no such class.</exception>
    public ExplainedClass(IExceptionContext context, Classifier classifier, ExplainOptions options)
    {
        _names = classifier.Classes.Names;
        if (options.Class is not { } name)
            return;
        _index = _names.ToList().IndexOf(name);
        if (_index < 0)
            throw context.ExceptUserArg(nameof(options.Class), $"The model has no class '{name}'. It has {Listing.OfNames(_names)}.");
    }

    /// <summary>The class of each row, int64 [N], given the logits [N, classes].</summary>
    public Tensor Of(Tensor logits) => _index is { } index ? full(logits.shape[0], (long)index, dtype: ScalarType.Int64, device: logits.device) : logits.argmax(1);

    /// <summary>The class of one row, given its logits, and its probability.</summary>
    public (string Name, double Probability) Named(Tensor logits)
    {
        var index = (int)Of(logits.unsqueeze(0))[0].ToInt64();
        return (_names[index], nn.functional.softmax(logits, 0)[index].to(ScalarType.Float64).ToDouble());
    }
}

/// <summary>A row of texts as tokens, and where each of them comes from.</summary>
internal sealed record LocatedText(TextPair Texts, TokenRow Tokens, WordPlace?[] Places)
{
    /// <summary>The scores of tokens added up for each word.</summary>
    public IReadOnlyList<TokenAttribution> Attributions(double[] scores)
    {
        List<TokenAttribution> words = [];
        for (var (i, end) = (0, 0); i < Places.Length; i = end)
        {
            for (end = i + 1; end < Places.Length && Places[end] == Places[i]; end++) { }
            if (Places[i] is { } place)
                words.Add(new TokenAttribution(TextOf(place), place.Sentence, place.Start, scores[i..end].Sum()));
        }
        return words;
    }

    string TextOf(WordPlace place) => (place.Sentence == 0 ? Texts.First : Texts.Second!)[place.Start..place.End];
}
