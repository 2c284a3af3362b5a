using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>What the transforms of our pipelines write, byte by byte, and that a hand-made one loads.</summary>
[TestClass]
public sealed class MlNetTransformZipTests : IDisposable
{
    private const string ImageAssembly = "Microsoft.ML.ImageAnalytics, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";
    private const string OnlyModel = "TransformerChain/Model.key";
    private const string OnlyVocabulary = "TransformerChain/Vocabulary/Model.key";
    private const string OnlyTerms = "TransformerChain/Vocabulary/Terms.txt";

    private readonly MLContext _ml = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Save_MapValueToKey_of_reals_writes_codec_and_values()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 2.5f, -1f, 0.1f }.Select(value => new SingleRow { Value = value }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", addKeyValueAnnotationsAsText: true).Fit(data);

        var entries = Save(model);

        AssertBytes(TermTransform(textAnnotations: true), entries[OnlyModel]);
        AssertBytes(Terms("Single", 3, 2.5f, -1f, 0.1f), entries[OnlyVocabulary]);
        AssertText(["# Number of terms of type 'Single' = 3", "0\t2.5", "1\t-1", "2\t0.1", ""], entries[OnlyTerms]);
    }

    [TestMethod]
    public void Save_MapValueToKey_of_integers_writes_codec_and_values()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { 7, -2 }.Select(value => new Int32Row { Value = value }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data);

        var entries = Save(model);

        AssertBytes(TermTransform(textAnnotations: false), entries[OnlyModel]);
        AssertBytes(Terms("Int32", 2, -2, 7), entries[OnlyVocabulary]);
        AssertText(["# Number of terms of type 'Int32' = 2", "0\t-2", "1\t7", ""], entries[OnlyTerms]);
    }

    [TestMethod]
    public void Save_MapValueToKey_of_truth_packs_eight_values_a_byte()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { true, false }.Select(value => new BooleanRow { Value = value }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(data);

        AssertBytes(Terms<byte>("Boolean", 2, 0b01), Save(model)[OnlyVocabulary]);
    }

    [TestMethod]
    public void Save_MapValueToKey_of_nothing_writes_no_values()
    {
        var data = _ml.Data.LoadFromEnumerable(Array.Empty<SingleRow>());
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Value").Fit(data);

        AssertBytes(Terms<float>("Single", 0), Save(model)[OnlyVocabulary]);
    }

    [TestMethod]
    public void Load_hand_made_terms_of_doubles_works()
    {
        var model = _ml.Model.Load(
            ModelZip.Pack(new() { [OnlyModel] = TermTransform(textAnnotations: false).ToBytes(), [OnlyVocabulary] = Terms("Double", 2, 0.5, 8.0).ToBytes() }), out _);

        var data = _ml.Data.LoadFromEnumerable(new[] { 8.0, 0.5, 1.0 }.Select(value => new DoubleRow { Value = value }));

        Assert.AreSequenceEqual([2u, 1u, 0u], model.Transform(data).GetColumn<uint>("Key"));
    }

    [TestMethod]
    public void Load_terms_that_repeat_is_refused()
    {
        var zip = ModelZip.Pack(new() { [OnlyModel] = TermTransform(textAnnotations: false).ToBytes(), [OnlyVocabulary] = Terms("Double", 2, 8.0, 8.0).ToBytes() });

        var error = Assert.Throws<Exception>(() => _ml.Model.Load(zip, out _)).GetBaseException();

        Assert.AreEqual("Duplicate items at positions 0 and 1", error.Message);
    }

    [TestMethod]
    public void Save_image_loaders_write_folder_and_kind()
    {
        var data = _ml.Data.LoadFromEnumerable([new PathRow { Path = "" }]);

        AssertBytes(ImageLoader(_folder.FullName, decodes: false), Save(_ml.Transforms.LoadRawImageBytes("Image", _folder.FullName, "Path").Fit(data))[OnlyModel]);
        AssertBytes(ImageLoader(_folder.FullName, decodes: true), Save(_ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(data))[OnlyModel]);
        AssertBytes(ImageLoader(null, decodes: false), Save(_ml.Transforms.LoadRawImageBytes("Image", "", "Path").Fit(data))[OnlyModel]);
    }

    [TestMethod]
    public void Save_column_transforms_write_names()
    {
        var data = _ml.Data.LoadFromEnumerable([new SingleRow()]);
        var concatenated = new HandMadeKey("CONCAT F", 0x00010003, "ConcatTransform") { AlternateLoader = "ConcatFunction" }
            .Int32(1).Text("Both").Int32(2).Text("Value").Int32(-1).Text("Value").Int32(-1);
        var copied = new HandMadeKey("COPYCOLT", 0x00010001, "CopyTransform").Int32(1).Text("Copy").Text("Value");

        AssertBytes(concatenated, Save(_ml.Transforms.Concatenate("Both", "Value", "Value").Fit(data))[OnlyModel]);
        AssertBytes(copied, Save(_ml.Transforms.CopyColumns("Copy", "Value").Fit(data))[OnlyModel]);
    }

    [TestMethod]
    public void Load_hand_made_image_loader_works()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "a.bin"), [1, 2, 3]);
        var model = _ml.Model.Load(ModelZip.Pack(new() { [OnlyModel] = ImageLoader(_folder.FullName, decodes: false).ToBytes() }), out _);

        var loaded = model.Transform(_ml.Data.LoadFromEnumerable([new PathRow { Path = "a.bin" }]));

        Assert.AreSequenceEqual(new byte[] { 1, 2, 3 }, loaded.GetColumn<byte[]>("Image").Single());
    }

    [TestMethod]
    public void Save_and_Load_of_a_pipeline_keeps_what_it_does()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "a.bin"), [1, 2, 3]);
        var data = _ml.Data.LoadFromEnumerable([new PathRow { Path = "a.bin" }]);
        var model = _ml.Transforms.LoadRawImageBytes("Image", _folder.FullName, "Path")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Image"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Fit(data);
        using var stream = new MemoryStream();

        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = _ml.Model.Load(stream, out var schema);

        Assert.AreEqual("Path: String", Assert.ContainsSingle(schema).ToString());
        Assert.AreSequenceEqual([1u, 2u, 3u], loaded.Transform(data).GetColumn<uint[]>("Key").Single());
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3 }, loaded.Transform(data).GetColumn<byte[]>("Back").Single());
    }

    private static HandMadeKey TermTransform(bool textAnnotations)
        => new HandMadeKey("TERMTRNF", 0x00010003, "TermTransform").Int32(1).Text("Key").Text("Value").Byte(textAnnotations ? (byte)1 : (byte)0);

    private static HandMadeKey Terms<T>(string codec, int count, params T[] words)
        where T : struct
    {
        var key = new HandMadeKey("TERM MAN", 0x00010002, "TermManager").Int32(1).Byte(1);
        Add([(byte)codec.Length, .. Encoding.UTF8.GetBytes(codec), 0]);
        key.Int32(count);
        Add(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(words));
        return key;

        void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes)
                key.Byte(b);
        }
    }

    private static HandMadeKey ImageLoader(string? folder, bool decodes)
    {
        var key = new HandMadeKey("IMGLOADR", 0x00010003, "ImageLoaderTransform") { Assembly = ImageAssembly }.Int32(1).Text("Image").Text("Path");
        return (folder == null ? key.Int32(-1) : key.Text(folder)).Byte(decodes ? (byte)1 : (byte)0);
    }

    private static void AssertBytes(HandMadeKey expected, byte[] actual)
        => Assert.AreEqual(Convert.ToHexString(expected.ToBytes()), Convert.ToHexString(actual));

    private static void AssertText(string[] lines, byte[] actual) => Assert.AreEqual(string.Join(Environment.NewLine, lines), Encoding.UTF8.GetString(actual));

    private Dictionary<string, byte[]> Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, null, stream);
        return ModelZip.Unpack(stream);
    }

    private sealed class SingleRow
    {
        public float Value;
    }

    private sealed class DoubleRow
    {
        public double Value;
    }

    private sealed class Int32Row
    {
        public int Value;
    }

    private sealed class BooleanRow
    {
        public bool Value;
    }

    private sealed class PathRow
    {
        public string? Path;
    }
}
