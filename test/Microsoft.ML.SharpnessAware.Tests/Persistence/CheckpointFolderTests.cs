namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CheckpointFolderTests
{
    readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("CheckpointFolder").FullName, "made", "anew");
    readonly List<string> _warnings = [];

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Path.GetFullPath(Path.Combine(_folder, "../..")), recursive: true);

    [TestMethod]
    public void Newest_of_an_empty_folder_is_none()
    {
        using var folder = Open();
        Assert.IsNull(folder.Newest());
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void Save_keeps_the_newest_two()
    {
        using (var folder = Open())
            foreach (var steps in new[] { 9, 10, 99_999_999, 100_000_000 })
                Save(folder, steps);

        CollectionAssert.AreEqual(new[] { "sam-step-100000000.safetensors", "sam-step-99999999.safetensors" }, Names());
        using var again = Open();
        Assert.AreEqual("""{"at": 100000000}""", again.Newest()!.State);
        Save(again, 100_000_001);
        CollectionAssert.AreEqual(new[] { "sam-step-100000000.safetensors", "sam-step-100000001.safetensors" }, Names());
    }

    [TestMethod]
    public void Save_of_the_same_step_replaces_it_and_keeps_the_one_before()
    {
        using (var folder = Open())
            foreach (var steps in new[] { 1, 2, 2, 2 })
                Save(folder, steps);
        CollectionAssert.AreEqual(new[] { "sam-step-00000001.safetensors", "sam-step-00000002.safetensors" }, Names());
    }

    [TestMethod]
    public void Newest_that_is_damaged_is_refused_by_name_and_the_one_before_is_used()
    {
        SaveTwo();
        Damage(2, bytes => bytes[..^1]);

        using var folder = Open();

        Assert.AreEqual("sam-step-00000001.safetensors", Path.GetFileName(folder.Newest()!.Path));
        AssertWarnings($"The checkpoint '{PathOf(2)}' is damaged and is not used: the tensors need 8 bytes, but 7 follow the header.");
    }

    [TestMethod]
    public void Newest_where_all_are_damaged_is_none()
    {
        SaveTwo();
        Damage(1, bytes => []);
        Damage(2, bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);

        using var folder = Open();

        Assert.IsNull(folder.Newest());
        AssertWarnings(
            $"The checkpoint '{PathOf(2)}' is damaged and is not used: its bytes do not have the checksum that was written.",
            $"The checkpoint '{PathOf(1)}' is damaged and is not used: it ends early.");
    }

    [TestMethod]
    public void Damaged_checkpoints_stay_until_a_new_one_is_whole()
    {
        SaveTwo();
        Damage(2, bytes => []);

        using var folder = Open();
        folder.Newest();
        CollectionAssert.AreEqual(new[] { "sam-step-00000001.safetensors", "sam-step-00000002.safetensors" }, Names());

        // The damaged one is the newest by its number, and must not push out the whole one.
        Save(folder, 1);
        CollectionAssert.AreEqual(new[] { "sam-step-00000001.safetensors" }, Names());
    }

    [TestMethod]
    public void Newest_of_a_newer_library_is_an_error_and_stays()
    {
        SaveTwo();
        Damage(2, CheckpointBytes.OfNewerFormat);
        using (var folder = Open())
        {
            var error = Assert.Throws<InvalidOperationException>(() => folder.Newest());
            Assert.StartsWith($"The checkpoint '{PathOf(2)}' cannot be read: it has the format 5, but this version of Microsoft.ML.SharpnessAware knows formats up to 4 only. Update the package", error.Message);
            Assert.EndsWith("or a newer one; or choose another folder.", error.Message);
        }
        Assert.HasCount(2, Names());
    }

    [TestMethod]
    public void Open_removes_what_a_killed_run_left_unfinished_and_nothing_else()
    {
        Directory.CreateDirectory(_folder);
        string[] others = ["notes.tmp", "step-00000001.safetensors", "sam-step-1.safetensors", "sam-step-00000001.safetensors.tmp.bak"];
        foreach (var name in others.Append("sam-step-00000007.safetensors.tmp"))
            File.WriteAllText(Path.Combine(_folder, name), "x");

        using var folder = Open();
        folder.Newest();
        foreach (var steps in new[] { 1, 2, 3 })
            Save(folder, steps);

        CollectionAssert.AreEquivalent(others.Concat(["sam-step-00000002.safetensors", "sam-step-00000003.safetensors"]).ToArray(), Names());
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void Open_of_a_folder_that_a_run_has_is_an_error_until_it_ends()
    {
        using (Open())
        {
            var error = Assert.Throws<InvalidOperationException>(() => Open());
            Assert.AreEqual($"The checkpoint folder '{_folder}' belongs to a run that is still going on. Wait for it to end, or choose another folder.", error.Message);
        }
        Open().Dispose();
    }

    [TestMethod]
    public void Open_of_a_folder_that_cannot_be_made_says_so()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder)!);
        File.WriteAllText(_folder, "a file");
        var error = Assert.Throws<InvalidOperationException>(() => Open());
        Assert.StartsWith($"The checkpoint folder '{_folder}' cannot be written to: ", error.Message);
        Assert.EndsWith(" Choose another folder, or set CheckpointFolder to null.", error.Message);
    }

    [TestMethod]
    public void Save_that_fails_warns_and_leaves_the_checkpoints_before_and_nothing_unfinished()
    {
        SaveTwo();
        using var folder = Open();
        folder.Newest();
        // A folder where the file shall go, which a rename cannot replace.
        Directory.CreateDirectory(PathOf(3));

        Assert.IsFalse(Save(folder, 3));

        Assert.HasCount(1, _warnings);
        Assert.StartsWith($"The checkpoint '{PathOf(3)}' could not be written: ", _warnings[0]);
        Assert.EndsWith(" Training continues, and the checkpoints before stay.", _warnings[0]);
        CollectionAssert.AreEqual(new[] { "sam-step-00000001.safetensors", "sam-step-00000002.safetensors" }, Names());
    }

    CheckpointFolder Open() => CheckpointFolder.Open(_folder, _warnings.Add);

    static bool Save(CheckpointFolder folder, long steps)
    {
        using var weights = tensor(new float[] { steps, 1 });
        return folder.Save(steps, $$"""{"at": {{steps}}}""", new Dictionary<string, Tensor> { ["w"] = weights });
    }

    void SaveTwo()
    {
        using var folder = Open();
        Save(folder, 1);
        Save(folder, 2);
    }

    string PathOf(int steps) => Path.Combine(_folder, $"sam-step-0000000{steps}.safetensors");

    void Damage(int steps, Func<byte[], byte[]> change) => File.WriteAllBytes(PathOf(steps), change(File.ReadAllBytes(PathOf(steps))));

    string[] Names() => [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)).Where(name => name != "sam-run.lock").Order(StringComparer.Ordinal)];

    void AssertWarnings(params string[] expected) => CollectionAssert.AreEqual(expected, _warnings);
}
