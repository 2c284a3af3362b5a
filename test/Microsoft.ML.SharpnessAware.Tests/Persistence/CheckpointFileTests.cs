using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CheckpointFileTests
{
    const string State = """{"Steps": 3, "Text": "zero \" \\ ρ"}""";

    readonly string _folder = Directory.CreateTempSubdirectory("CheckpointFile").FullName;

    string FilePath => Path.Combine(_folder, "file");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void What_was_written_is_read_again()
    {
        using var scope = NewDisposeScope();
        var (weights, count) = (tensor(new float[] { 1, -0.0f, float.NaN, float.Epsilon }).reshape(2, 2), tensor(7L));

        CheckpointFile.Write(FilePath, State, new Dictionary<string, Tensor> { ["w"] = weights, ["n"] = count });
        var read = CheckpointFile.ReadTensors(FilePath);

        Assert.AreEqual(State, CheckpointFile.ReadState(FilePath));
        CollectionAssert.AreEquivalent(new[] { "w", "n" }, read.Keys);
        CollectionAssert.AreEqual(weights.bytes.ToArray(), read["w"].bytes.ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 2 }, read["w"].shape);
        Assert.AreEqual(7, read["n"].ToInt64());
    }

    [TestMethod]
    public void File_is_safetensors_whose_checksum_anyone_can_check()
    {
        Write();
        var bytes = File.ReadAllBytes(FilePath);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
        var metadata = header.RootElement.GetProperty("__metadata__");

        var checksum = metadata.GetProperty("sha256").GetString()!;
        Encoding.ASCII.GetBytes(new string('0', 64)).CopyTo(bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(checksum)));

        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(bytes)), checksum);
        Assert.AreEqual("4", metadata.GetProperty("format").GetString());
        Assert.AreEqual(LibraryVersion.Text, metadata.GetProperty("library").GetString());
        Assert.AreEqual(State, metadata.GetProperty("state").GetString());
    }

    [TestMethod]
    public void A_file_longer_than_one_buffer_has_a_checksum_over_all_of_it()
    {
        using var large = zeros(3_000_000, dtype: ScalarType.Byte);
        CheckpointFile.Write(FilePath, State, new Dictionary<string, Tensor> { ["w"] = large });
        Assert.AreEqual(State, CheckpointFile.ReadState(FilePath));

        foreach (var place in new[] { 1 << 20, (1 << 20) - 1, 2 << 20, 3_000_000 })
        {
            Flip(place);
            Assert.Throws<FormatException>(() => CheckpointFile.ReadState(FilePath));
            Flip(place);
        }
        Assert.AreEqual(State, CheckpointFile.ReadState(FilePath));
    }

    [TestMethod]
    public void A_truncated_file_is_refused_at_every_length()
    {
        Write();
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Throws<FormatException>(() => CheckpointFile.ReadState(FilePath), $"{length} of {whole.Length} bytes");
        }
    }

    [TestMethod]
    public void A_file_with_a_bit_altered_in_any_byte_is_refused()
    {
        Write();
        var whole = File.ReadAllBytes(FilePath);
        for (var place = 0; place < whole.Length; place++)
        {
            var altered = whole.ToArray();
            altered[place] ^= (byte)(1 << place % 8);
            File.WriteAllBytes(FilePath, altered);
            Assert.Throws<FormatException>(() => CheckpointFile.ReadState(FilePath), $"byte {place}");
        }
    }

    [TestMethod]
    public void A_file_with_bytes_appended_is_refused()
    {
        Write();
        File.AppendAllText(FilePath, "\0");
        Assert.Throws<FormatException>(() => CheckpointFile.ReadState(FilePath));
    }

    [TestMethod]
    public void A_file_of_a_newer_format_is_refused_as_such()
    {
        Write();
        File.WriteAllBytes(FilePath, CheckpointBytes.OfNewerFormat(File.ReadAllBytes(FilePath)));
        var error = Assert.Throws<NotSupportedException>(() => CheckpointFile.ReadState(FilePath));
        Assert.AreEqual($"it has the format 5, but this version of Microsoft.ML.SharpnessAware knows formats up to 4 only. Update the package to the version that wrote it, {LibraryVersion.Text}, or a newer one", error.Message);
    }

    [TestMethod]
    public void A_file_of_an_older_format_is_refused_as_such()
    {
        Write();
        File.WriteAllBytes(FilePath, CheckpointBytes.OfOlderFormat(File.ReadAllBytes(FilePath)));
        var error = Assert.Throws<NotSupportedException>(() => CheckpointFile.ReadState(FilePath));
        Assert.AreEqual($"it has the format 1 of an earlier version, from which this one cannot resume. Finish the run with the version that wrote it, {LibraryVersion.Text}, or choose another folder for a new run", error.Message);
    }

    [TestMethod]
    public void Write_leaves_no_tensor_behind()
    {
        Write();
        var before = LiveTensors.Before();
        Write();
        foreach (var read in CheckpointFile.ReadTensors(FilePath).Values)
            read.Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    void Write()
    {
        using var scope = NewDisposeScope();
        CheckpointFile.Write(FilePath, State, new Dictionary<string, Tensor> { ["w"] = arange(5, dtype: ScalarType.Float32) });
    }

    void Flip(int place)
    {
        using var file = File.Open(FilePath, FileMode.Open);
        file.Position = place;
        var value = file.ReadByte();
        file.Position = place;
        file.WriteByte((byte)(value ^ 1));
    }
}
