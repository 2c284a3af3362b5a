using System.Diagnostics;
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>SamText beside ML.NET's own text trainer, in one process: what has the same name there is the same here.</summary>
[TestClass]
public class TextClassificationTests
{
    const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    static readonly string Page = File.ReadAllText(Repository.PathOf("docs/migrating-from-textclassification.md"));

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Arguments_are_those_of_TextClassification_without_its_architecture_and_then_our_own()
    {
        var theirs = Arguments(typeof(TorchSharpCatalog), "TextClassification");
        var ours = Arguments(typeof(SharpnessAwareCatalog), "SamText");

        var expected = theirs.Where(argument => !argument.StartsWith("BertArchitecture "))
            .Select(argument => argument.Replace("Int32 batchSize = 32", "Nullable`1 batchSize = ").Replace("Int32 maxEpochs = 10", "Nullable`1 maxEpochs = "));
        CollectionAssert.AreEqual(expected.ToArray(), ours[..^4]);
        CollectionAssert.AreEqual(new[] { "Nullable`1 variant = ", "Nullable`1 rho = ", "SharpnessRule sharpness = ", "TextNetwork network = " }, ours[^4..]);
        AssertInPage(Overload(typeof(TorchSharpCatalog), "TextClassification").Skip(1).Select(parameter => parameter.Name!));
    }

    [TestMethod]
    public void Options_of_the_same_name_have_the_same_default_but_two()
    {
        var options = new SamTextTrainer.Options();
        var (theirs, ours) = (Defaults(new TextClassificationTrainer.TextClassificationOptions()), Defaults(TextRecipes.For(options.Network, rows: 1000, epochs: null).In(options)));
        var common = theirs.Keys.Intersect(ours.Keys).Order(StringComparer.Ordinal).ToArray();

        CollectionAssert.AreEqual(new[] { "BatchSize", "ClipNorm", "LabelColumnName", "ScoreColumnName", "Sentence1ColumnName", "Sentence2ColumnName", "ValidationSet" }, common);
        CollectionAssert.AreEqual(
            new[] { "ClipNorm: 5, ", "Sentence1ColumnName: Sentence, Sentence1" },
            common.Where(name => !Equals(theirs[name], ours[name])).Select(name => $"{name}: {theirs[name]}, {ours[name]}").ToArray());
    }

    [TestMethod]
    public void Options_of_another_name_have_the_defaults_that_the_page_tells()
    {
        var theirs = new TextClassificationTrainer.TextClassificationOptions();
        var ours = new SamTextTrainer.Options();
        var chosen = TextRecipes.For(ours.Network, rows: 1000, epochs: null).For(ours);
        var adam = (AdamW)chosen.Optimizer;

        AssertInPage(Defaults(theirs).Keys);
        Assert.AreEqual(theirs.PredictionColumnName, ours.PredictedLabelColumnName);
        Assert.AreEqual(theirs.MaxEpoch, chosen.Epoch);
        CollectionAssert.AreEqual(new[] { adam.Beta1, adam.Beta2 }, theirs.AdamBetas.ToArray());
        Assert.AreEqual(theirs.AdamEps, adam.Epsilon);
        Assert.AreEqual((0.0001, 0.001), (theirs.LearningRate[0], adam.LearningRate));
        Assert.AreEqual((0.0, 0.01), (theirs.WeightDecay, adam.WeightDecay));
        Assert.AreEqual((0.06, 0.1, 0.9), (theirs.WarmupRatio, theirs.StartLearningRateRatio, theirs.FinalLearningRateRatio));
        Assert.AreEqual(new WarmupSchedule(0.5, new LinearSchedule()), chosen.Schedule);
    }

    [TestMethod]
    public void Columns_are_promised_in_the_order_of_TextClassification_and_of_its_types()
    {
        var input = SchemaText.Shape(Sentences.KeyedRows(_ml).Schema);
        var theirs = _ml.MulticlassClassification.Trainers.TextClassification().GetOutputSchema(input).ToArray();
        var ours = _ml.MulticlassClassification.Trainers.SamText().GetOutputSchema(input).ToArray();

        CollectionAssert.AreEqual(theirs.Select(Text).ToArray(), ours.Select(Text).ToArray());
        Assert.AreEqual("PredictedLabel Score", string.Join(' ', ours.Skip(input.Count).Select(column => column.Name)));
        Assert.AreEqual(SchemaText.Of(new SchemaShape([theirs[^1]])), SchemaText.Of(new SchemaShape([ours[^1]])), "annotations of Score");

        static string Text(SchemaShape.Column column) => $"{column.Name}: {column.Kind} of {column.ItemType}, key {column.IsKey}";
    }

    [TestMethod]
    public void Columns_are_delivered_in_the_order_of_TextClassification_on_the_same_libtorch()
    {
        var rows = Sentences.KeyedRows(_ml);
        using var theirs = (IDisposable)Untrained(rows.Schema);
        using var ours = TinyText.Trainer(_ml).Fit(rows);

        var expected = ((ITransformer)theirs).GetOutputSchema(rows.Schema).Select(column => column.Name).ToArray();

        CollectionAssert.AreEqual(expected, ours.Transform(rows).Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual("PredictedLabel Score", string.Join(' ', expected[^2..]));
        using var process = Process.GetCurrentProcess();
        Assert.AreEqual(1, process.Modules.Cast<ProcessModule>().Count(module => module.ModuleName.Contains("torch_cpu", StringComparison.Ordinal)));
    }

    // Its Fit downloads a network, so that one is built by the constructors that Fit calls in the end.
    object Untrained(DataViewSchema schema)
    {
        var options = new TextClassificationTrainer.TextClassificationOptions { Sentence1ColumnName = "Sentence1" };
        typeof(TorchSharpBaseTrainer.Options).GetField("NumberOfClasses", Inner)!.SetValue(options, 3);
        var network = Made(typeof(TorchSharpCatalog).Assembly.GetType("Microsoft.ML.TorchSharp.NasBert.Models.ModelForPrediction", throwOnError: true)!, options, 1, 50, 3);
        return Made(typeof(TextClassificationTransformer), _ml, options, network, new DataViewSchema.DetachedColumn(schema["Label"]));
    }

    static object Made(Type type, params object[] arguments) => Activator.CreateInstance(type, Inner, binder: null, arguments, culture: null)!;

    static ParameterInfo[] Overload(Type catalog, string name) => catalog.GetMethods().Where(method => method.Name == name).Select(method => method.GetParameters()).MaxBy(parameters => parameters.Length)!;

    static string[] Arguments(Type catalog, string name) => [.. Overload(catalog, name).Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name} = {parameter.DefaultValue}")];

    static Dictionary<string, object?> Defaults(object options) => options.GetType().GetFields().ToDictionary(field => field.Name, field => field.GetValue(options));

    static void AssertInPage(IEnumerable<string> names) => Assert.AreEqual("", string.Join(' ', names.Where(name => !Page.Contains($"`{name}`", StringComparison.Ordinal))));
}
