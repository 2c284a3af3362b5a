using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public partial class ModelPartsTests
{
    [TestMethod]
    public void Save_puts_body_JSON_and_weights_side_by_side()
    {
        using var archive = new ZipArchive(new MemoryStream(Model()));

        var names = archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).Where(name => name.StartsWith("TransformerChain/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        CollectionAssert.AreEqual(new[] { "TransformerChain/Model.json", "TransformerChain/Model.key", "TransformerChain/Weights.safetensors" }, names.ToArray());
    }

    [TestMethod]
    public void Save_names_its_loader_and_its_assembly_by_simple_name()
    {
        var key = SavedModel.Entry(Model(), "Model.key");

        Assert.AreEqual("SAMIMAGE", Encoding.Latin1.GetString(key, 0x40, 8));
        Assert.AreEqual("SamImageTransformer", Encoding.Latin1.GetString(key, 0x50, 24).TrimEnd('\0'));
        var (start, length) = ((int)BitConverter.ToInt64(key, 0x90), (int)BitConverter.ToUInt32(key, 0x98));
        Assert.AreEqual("Microsoft.ML.SharpnessAware", Encoding.Unicode.GetString(key, start, length));
    }

    [TestMethod]
    public void Json_is_for_people_to_read()
    {
        var json = Encoding.UTF8.GetString(SavedModel.Entry(Model(), "Model.json"));

        Golden.Matches("Persistence/Model.json", Library().Replace(json, "\"Library\": \"...\""));
    }

    [TestMethod]
    public void Weights_are_named_as_the_networks_parameters()
    {
        var file = SavedModel.Entry(Model(), "Weights.safetensors");
        using var header = JsonDocument.Parse(file.AsMemory(8, (int)BitConverter.ToInt64(file)));

        var tensors = header.RootElement.EnumerateObject().OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => $"{tensor.Name} {tensor.Value.GetProperty("dtype")} {tensor.Value.GetProperty("shape")}");

        Golden.Matches("Persistence/Weights.txt", string.Join('\n', tensors));
    }

    [TestMethod]
    public void Load_explains_every_fault()
    {
        var zip = Model();
        void Load(byte[] damaged) => SavedModel.Load(new MLContext(), damaged);
        byte[] Json(string old, string @new) => SavedModel.With(zip, "Model.json", json =>
        {
            var text = Encoding.UTF8.GetString(json);
            Assert.Contains(old, text);
            return Encoding.UTF8.GetBytes(text.Replace(old, @new));
        });
        byte[] Weights(Func<byte[], byte[]?> change) => SavedModel.With(zip, "Weights.safetensors", change);

        var errors = new ErrorText()
            .Add("newer format", () => Load(SavedModel.With(Json("\"Format\": 1", "\"Format\": 2"), "Model.json", json => Encoding.UTF8.GetBytes(Library().Replace(Encoding.UTF8.GetString(json), "\"Library\": \"9.1.0\"")))))
            .Add("no JSON", () => Load(SavedModel.With(zip, "Model.json", _ => null)))
            .Add("truncated JSON", () => Load(SavedModel.With(zip, "Model.json", json => json[..10])))
            .Add("JSON without a format", () => Load(Json("\"Format\"", "\"Fromat\"")))
            .Add("JSON with an unknown property", () => Load(Json("\"Pixels\"", "\"Voxels\"")))
            .Add("unknown network", () => Load(Json("\"CifarResNet\"", "\"TransNet\"")))
            .Add("network that is none", () => Load(Json("\"CifarResNet\"", "\"Sgd\"")))
            .Add("network out of range", () => Load(Json("\"Depth\": 8", "\"Depth\": 9")))
            .Add("image too small for the network", () => Load(Json("\"Height\": 8", "\"Height\": 2")))
            .Add("other number of classes", () => Load(Json("\"down\",", "")))
            .Add("no weights", () => Load(Weights(_ => null)))
            .Add("truncated weights", () => Load(Weights(weights => weights[..1000])))
            .Add("weights of another network", () => Load(Json("\"Depth\": 8", "\"Depth\": 14")));

        Golden.Matches("Persistence/ModelErrors.txt", errors.ToString());
        var newerBody = Assert.Throws<Exception>(() => Load(SavedModel.With(zip, "Model.key", key => [.. key[..0x48], 2, 0, 1, 0, 2, 0, 1, 0, .. key[0x50..]])));
        Assert.IsInstanceOfType<FormatException>(ErrorText.Cause(newerBody), "ML.NET's own words");
    }

    [TestMethod]
    public void Load_of_more_layers_or_classes_than_there_can_be_is_refused_before_there_is_memory_for_them()
    {
        var zip = Model();
        var deep = SavedModel.With(zip, "Model.json", json => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace("\"Depth\": 8", "\"Depth\": 600000002")));
        var many = SavedModel.With(zip, "Model.key", key =>
        {
            // The body begins with the number of classes, and whether they have values.
            var body = (int)BitConverter.ToInt64(key, 0x10);
            Assert.IsTrue(BitConverter.TryWriteBytes(key.AsSpan(body), 2_000_000_000));
            key[body + sizeof(int)] = 0;
            return key;
        });

        Assert.StartsWith("Cannot load the model's Weights.safetensors: it has ", Fault(deep));
        Assert.EndsWith(" numbers, but the network of the model's Model.json has at least 3686400000000.", Fault(deep));
        Assert.AreEqual("The model has 2000000000 classes, and not from 1 to 1000000.", Fault(many));

        static string Fault(byte[] damaged) => ErrorText.Cause(Assert.Throws<Exception>(() => SavedModel.Load(new MLContext(), damaged))).Message;
    }

    [TestMethod]
    public void Load_that_fails_says_why_in_the_log_and_has_ML_NETs_mark()
    {
        var zip = Model();

        Fails(new MLContext(), SavedModel.With(zip, "Weights.safetensors", _ => null), "Cannot load the model's Weights.safetensors: it is missing.");
        Fails(new MLContext { GpuDeviceId = 1000 }, zip, "GpuDeviceId is 1000");

        static void Fails(MLContext ml, byte[] zip, string reason)
        {
            var log = new List<string>();
            ml.Log += (_, line) => log.Add($"{line.Kind}: {line.RawMessage}");

            var error = Assert.Throws<Exception>(() => SavedModel.Load(ml, zip));

            Assert.StartsWith(reason, ErrorText.Cause(error).Message);
            Assert.AreEqual(1, ErrorText.Cause(error).Data["ML_IsMarked"]);
            Assert.StartsWith($"Error: {reason}", log.Single(line => line.StartsWith("Error", StringComparison.Ordinal)));
        }
    }

    [TestMethod]
    public void Load_of_a_damaged_zip_is_an_error_wherever_the_damage_is()
    {
        var zip = Model();

        for (var length = 0; length < zip.Length; length += zip.Length / 40)
            Assert.Throws<Exception>(() => SavedModel.Load(new MLContext(), zip[..length]), $"cut after {length} bytes");
        foreach (var part in new[] { "Model.key", "Model.json", "Weights.safetensors" })
            for (var cut = 0; cut < 1000; cut += 90)
                Assert.Throws<Exception>(() => SavedModel.Load(new MLContext(), SavedModel.With(zip, part, bytes => bytes[..Math.Min(cut, bytes.Length - 1)])), $"{part} cut after {cut} bytes");
    }

    [TestMethod]
    public void Load_leaves_libtorchs_generator_as_it_was()
    {
        var zip = Model();
        using var before = torch.random.get_rng_state();

        ((IDisposable)SavedModel.Load(new MLContext(), zip)).Dispose();

        using var after = torch.random.get_rng_state();
        CollectionAssert.AreEqual(before.bytes.ToArray(), after.bytes.ToArray());
    }

    static byte[] Model()
    {
        var ml = new MLContext(seed: 1);
        using var model = SamImageTransformerTests.Train(ml, options => options.Sharpness = new FriendlySam());
        return SavedModel.Of(ml, model);
    }

    [GeneratedRegex("\"Library\": \".*\"")]
    private static partial Regex Library();
}
