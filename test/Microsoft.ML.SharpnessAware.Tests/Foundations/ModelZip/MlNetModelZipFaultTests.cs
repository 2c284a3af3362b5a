using System.Buffers.Binary;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetModelZipFaultTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Load_no_zip_is_refused()
        => Refused<FormatException>(new MemoryStream([1, 2, 3]), "Failed to open a zip archive");

    [TestMethod]
    public void Load_a_truncated_zip_is_refused()
    {
        var bytes = ModelZip.Pack(ModelZip.LabelsAndBack()).ToArray();

        Refused<FormatException>(new MemoryStream(bytes[..(bytes.Length / 2)]), "Failed to open a zip archive");
    }

    [TestMethod]
    public void Load_a_zip_without_a_model_is_refused()
    {
        var error = Refused<InvalidOperationException>(ModelZip.Pack(new() { ["Readme.txt"] = [65] }), "Could not load legacy format model");

        Assert.AreEqual(
            $"Repository doesn't contain entry {Path.Combine("DataLoaderModel", "Model.key")}",
            error.InnerException!.Message);
    }

    [TestMethod]
    public void Load_a_part_that_is_missing_is_refused()
    {
        var entries = ModelZip.LabelsAndBack();
        entries.Remove(ModelZip.Second);

        RefusedInside<FormatException>(entries, "Corrupt model file");
    }

    [TestMethod]
    public void Load_a_stream_shorter_than_its_header_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => key[..100]), "One of the identified items was in an invalid format.");

    [TestMethod]
    public void Load_a_stream_cut_at_its_end_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => key[..^1]), "One of the identified items was in an invalid format.");

    [TestMethod]
    public void Load_a_stream_of_another_kind_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => [0, .. key[1..]]), "Wrong file type");

    [TestMethod]
    public void Load_a_stream_with_a_broken_tail_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => [.. key[..^1], 0]), "Corrupt model file tail");

    [TestMethod]
    public void Load_a_container_of_a_newer_version_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => Patched(key, (0x08, 0x00010003), (0x0C, 0x00010003))), "File is too new");

    [TestMethod]
    public void Load_a_container_that_is_readable_only_by_newer_than_itself_is_refused()
        => Refused<FormatException>(With(ModelZip.Chain, key => Patched(key, (0x0C, 0x00010003))), "Corrupt file header");

    [TestMethod]
    public void Load_a_component_of_a_newer_version_is_refused()
        => RefusedInside<FormatException>(
            With(ModelZip.Second, KeysToValues("KEY2VALT", 0x00010002)),
            "Cause: ML.NET 1.0.0.0 cannont read component 'KeyToValueTransform' of the model, because the model is too new.\n"
            + "Suggestion: Make sure the model is trained with ML.NET 1.0.0.0 or older.\n"
            + "Debug details: Maximum expected version 65538, got 65537.");

    [TestMethod]
    public void Load_a_component_of_an_older_version_is_refused()
        => RefusedInside<FormatException>(
            With(ModelZip.Second, KeysToValues("KEY2VALT", 0x00010000)),
            "Cause: ML.NET 1.0.0.0 cannot read component 'KeyToValueTransform' of the model, because the model is too old.\n"
            + "Suggestion: Make sure the model is trained with ML.NET 1.0.0.0.\n"
            + "Debug details: Minimum expected version 65536, got 65537.");

    [TestMethod]
    public void Load_a_newer_component_that_says_it_is_readable_works()
    {
        var key = new HandMadeKey("KEY2VALT", 0x00010009, "KeyToValueTransform", 0x00010001).Int32(1).Text("PredictedLabel").Text("Label").ToBytes();

        var model = _ml.Model.Load(ModelZip.Pack(With(ModelZip.Second, key)), out _);

        Assert.AreEqual(2, ((TransformerChain<ITransformer>)model).Count());
    }

    [TestMethod]
    public void Load_a_component_of_another_signature_is_refused()
        => RefusedInside<FormatException>(
            With(ModelZip.Second, KeysToValues("KEY2 VAL", 0x00010001)),
            "Unknown file type");

    [TestMethod]
    public void Load_a_body_with_more_than_the_component_reads_is_refused()
        => Refused<FormatException>(
            With(ModelZip.Chain, new HandMadeKey("XF CHAIN", 0x00010001, "TransformerChain").Int32(0).Int32(0).ToBytes()),
            "One of the identified items was in an invalid format.");

    [TestMethod]
    public void Load_a_string_that_is_not_there_is_refused()
        => RefusedInside<FormatException>(
            With(ModelZip.Second, new HandMadeKey("KEY2VALT", 0x00010001, "KeyToValueTransform").Int32(1).Text("A").Int32(1).ToBytes()),
            "One of the identified items was in an invalid format.");

    [TestMethod]
    public void Load_a_loader_that_no_assembly_has_is_refused()
    {
        var assembly = typeof(MlNetModelZipFaultTests).Assembly.FullName!;
        var key = new HandMadeKey("NOTHING ", 0x00010001, "NoSuchTransform") { Assembly = assembly }.ToBytes();

        RefusedInside<FormatException>(With(ModelZip.Second, key), $"Couldn't load model: '{Path.Combine("TransformerChain", "Transform_001")}'");
    }

    [TestMethod]
    public void Load_an_assembly_that_is_not_there_is_refused()
    {
        var key = new HandMadeKey("NOTHING ", 0x00010001, "NoSuchTransform") { Assembly = "No.Such.Assembly" }.ToBytes();

        var error = Assert.ThrowsExactly<TargetInvocationException>(() => _ml.Model.Load(ModelZip.Pack(With(ModelZip.Second, key)), out _));

        Assert.IsInstanceOfType<FileNotFoundException>(error.InnerException);
    }

    [TestMethod]
    public void Load_a_broken_schema_is_refused()
    {
        var schema = new HandMadeSchema().Column("A", HandMadeSchema.Codec("Single")).ToBytes();

        Refused<FormatException>(With(ModelZip.Schema, schema[..100]), "Read only 100 bytes in file, expected header size of 256");
        Refused<FormatException>(With(ModelZip.Schema, [0, .. schema[1..]]), "This does not appear to be a binary dataview file");
        Refused<FormatException>(With(ModelZip.Schema, [.. schema[..^1], 0]), "Incorrect tail signature");
        Refused<InvalidOperationException>(
            With(ModelZip.Schema, new HandMadeSchema { Version = 0x0001000100010007 }.ToBytes()),
            "Cannot read version 1.1.1.7 data, latest that can be handled is 1.1.1.6");
    }

    [TestMethod]
    public void Load_without_a_path_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.Load("", out _));

        Assert.AreEqual("filePath cannot be null or empty (Parameter 'filePath')", error.Message);
    }

    [TestMethod]
    public void Save_a_schema_that_cannot_be_written_is_refused()
    {
        var builder = new DataViewSchema.Builder();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Model.Save(null, builder.ToSchema(), new MemoryStream()));

        Assert.AreEqual("No valid columns to save", error.Message);
    }

    private T Refused<T>(Dictionary<string, byte[]> entries, string message)
        where T : Exception
        => Refused<T>(ModelZip.Pack(entries), message);

    private T Refused<T>(Stream stream, string message)
        where T : Exception
    {
        var error = Assert.ThrowsExactly<T>(() => _ml.Model.Load(stream, out _));

        Assert.AreEqual(message, error.Message);
        Assert.AreEqual(1, error.Data["ML_IsMarked"]);
        return error;
    }

    /// <summary>What a component throws arrives in an error of the catalog.</summary>
    private void RefusedInside<T>(Dictionary<string, byte[]> entries, string message)
        where T : Exception
    {
        var error = Refused<InvalidOperationException>(ModelZip.Pack(entries), "Error during class instantiation");
        Exception? inner = error;
        while (inner is not (null or T))
            inner = inner.InnerException;

        Assert.AreEqual(message, inner?.Message);
    }

    private static byte[] KeysToValues(string signature, uint version)
        => new HandMadeKey(signature, version, "KeyToValueTransform").Int32(1).Text("PredictedLabel").Text("Label").ToBytes();

    private static Dictionary<string, byte[]> With(string name, byte[] bytes) => new(ModelZip.LabelsAndBack()) { [name] = bytes };

    private static Dictionary<string, byte[]> With(string name, Func<byte[], byte[]> change)
    {
        var entries = ModelZip.LabelsAndBack();
        entries[name] = change(entries.GetValueOrDefault(name) ?? []);
        return entries;
    }

    private static byte[] Patched(byte[] key, params (int Offset, uint Value)[] patches)
    {
        foreach (var (offset, value) in patches)
            BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(offset), value);
        return key;
    }
}
