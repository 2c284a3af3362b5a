using System.Text;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SafeTensorsTests
{
    [TestMethod]
    public void Write_lays_out_the_file_as_the_format_says()
    {
        using var scope = NewDisposeScope();
        var file = Written(new() { ["b"] = tensor(new float[] { 1, 2 }), ["a"] = tensor((byte)7).reshape(1, 1), ["n"] = tensor(3L) });

        var header = """{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[16,17]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)padded.Length), .. Encoding.UTF8.GetBytes(padded), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 7];
        CollectionAssert.AreEqual(expected, file);
    }

    [TestMethod]
    public void Write_puts_metadata_first_and_reading_gives_them_back_in_order()
    {
        using var scope = NewDisposeScope();
        using var file = new MemoryStream();
        SafeTensors.Write(file, new Dictionary<string, Tensor> { ["x"] = tensor(1f) }, [new("z", "1"), new("a", "ρ \"\\\n")]);

        Assert.StartsWith("""{"__metadata__":{"z":"1","a":"ρ \"\\\n"},"x":{""", Encoding.UTF8.GetString(file.ToArray().AsSpan(8)));
        file.Position = 0;
        CollectionAssert.AreEqual(new KeyValuePair<string, string>[] { new("z", "1"), new("a", "ρ \"\\\n") }, SafeTensorsHeader.Read(file).Metadata.ToArray());
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    [DataRow(ScalarType.Int64)]
    [DataRow(ScalarType.Byte)]
    [DataRow(ScalarType.Bool)]
    public void ReadInto_gives_back_every_bit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = arange(24, dtype: ScalarType.Float64).sub(11.3).reshape(2, 3, 4).to(type);
        var read = zeros(2, 3, 4, dtype: type);

        SafeTensors.ReadInto(new MemoryStream(Written(new() { ["x"] = values })), new Dictionary<string, Tensor> { ["x"] = read });

        CollectionAssert.AreEqual(values.bytes.ToArray(), read.bytes.ToArray());
    }

    [TestMethod]
    public void ReadInto_fills_a_parameter_that_is_not_contiguous_and_keeps_where_it_lies()
    {
        using var scope = NewDisposeScope();
        var values = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        var memory = zeros(3, 2);
        using var parameter = new Parameter(memory.t(), requires_grad: true);

        SafeTensors.ReadInto(new MemoryStream(Written(new() { ["w"] = values })), new Dictionary<string, Tensor> { ["w"] = parameter });

        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, memory.data<float>().ToArray());
    }

    [TestMethod]
    public void ReadInto_reads_tensors_of_several_pieces()
    {
        using var scope = NewDisposeScope();
        var values = arange(10_000_000, dtype: ScalarType.Int64).to(ScalarType.Byte);
        var read = zeros_like(values);

        SafeTensors.ReadInto(new MemoryStream(Written(new() { ["x"] = values })), new Dictionary<string, Tensor> { ["x"] = read });

        Assert.IsTrue(values.eq(read).all().ToBoolean());
    }

    [TestMethod]
    public void ReadInto_converts_the_element_type()
    {
        using var scope = NewDisposeScope();
        var read = zeros(2);

        SafeTensors.ReadInto(new MemoryStream(Written(new() { ["x"] = tensor(new double[] { 0.5, -2 }) })), new Dictionary<string, Tensor> { ["x"] = read });

        CollectionAssert.AreEqual(new float[] { 0.5f, -2 }, read.data<float>().ToArray());
    }

    [TestMethod]
    public void ReadInto_skips_metadata()
    {
        using var scope = NewDisposeScope();
        var read = zeros(1);

        SafeTensors.ReadInto(File("""{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", bytes: 4), new Dictionary<string, Tensor> { ["x"] = read });

        Assert.AreEqual(0, read.ToSingle());
    }

    [TestMethod]
    public void ReadInto_explains_every_fault()
    {
        using var scope = NewDisposeScope();
        var network = new Dictionary<string, Tensor> { ["x"] = zeros(2), ["y"] = zeros(1) };
        void Read(Stream file) => SafeTensors.ReadInto(file, network);

        var errors = new ErrorText()
            .Add("empty", () => Read(new MemoryStream()))
            .Add("negative header length", () => Read(new MemoryStream([.. BitConverter.GetBytes(-1L), 0])))
            .Add("header longer than the file", () => Read(new MemoryStream([.. BitConverter.GetBytes(1000L), (byte)'{', (byte)'}'])))
            .Add("header not JSON", () => Read(File("{,}", 0)))
            .Add("header not an object", () => Read(File("[1]", 0)))
            .Add("metadata that are no texts", () => Read(File("""{"__metadata__":{"a":1},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)))
            .Add("no dtype", () => Read(File("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", 8)))
            .Add("unknown dtype", () => Read(File("""{"x":{"dtype":"F8","shape":[2],"data_offsets":[0,8]}}""", 8)))
            .Add("negative shape", () => Read(File("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8)))
            .Add("shape too large to count", () => Read(File("""{"x":{"dtype":"F32","shape":[4000000000,4000000000],"data_offsets":[0,8]}}""", 8)))
            .Add("offsets reversed", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8)))
            .Add("shape and bytes differ", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)))
            .Add("twice the same name", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16)))
            .Add("overlap", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)))
            .Add("gap", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16)))
            .Add("bytes missing", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7)))
            .Add("bytes too many", () => Read(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9)))
            .Add("other tensors than the network's", () => Read(File("""{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"z":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12)))
            .Add("stream of unknown length that ends early", () => Read(new Unseekable(File("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 11))));

        Golden.Matches("Persistence/SafeTensorsErrors.txt", errors.ToString());
    }

    static byte[] Written(Dictionary<string, Tensor> tensors)
    {
        using var file = new MemoryStream();
        SafeTensors.Write(file, tensors);
        return file.ToArray();
    }

    static MemoryStream File(string header, int bytes) => new([.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]]);

    sealed class Unseekable(MemoryStream file) : MemoryStream(file.ToArray())
    {
        public override bool CanSeek => false;
    }
}
