using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A run's checkpoints on the disk: the newest two. The oldest goes when a new one is whole, and not before.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    const int Kept = 2;

    readonly string _folder;
    readonly FolderLock _lock;
    readonly Action<string> _warn;
    readonly List<string> _whole = [];

    CheckpointFolder(string folder, FolderLock taken, Action<string> warn) => (_folder, _lock, _warn) = (folder, taken, warn);

    /// <summary>Takes the folder for this run; makes it where it is missing.</summary>
    /// <exception cref="InvalidOperationException">The folder cannot be written to, or another run has it.</exception>
    public static CheckpointFolder Open(string path, Action<string> warn)
    {
        var folder = Path.GetFullPath(path);
        FolderLock? taken = null;
        try
        {
            Directory.CreateDirectory(folder);
            taken = new FolderLock(folder);
            foreach (var unfinished in Directory.EnumerateFiles(folder).Where(file => CheckpointName.IsUnfinished(Path.GetFileName(file))).ToArray())
                File.Delete(unfinished);
            return new CheckpointFolder(folder, taken, warn);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw new InvalidOperationException($"The checkpoint folder '{folder}' cannot be written to: {fault.Message} Choose another folder, or set CheckpointFolder to null.", fault);
        }
    }

    /// <summary>The newest checkpoint that is whole; null where there is none. Warns of those that are not.</summary>
    /// <exception cref="InvalidOperationException">A newer version of this library wrote the checkpoint.</exception>
    public Checkpoint? Newest()
    {
        var newest = Files().Select(WholeOrNull).FirstOrDefault(checkpoint => checkpoint is not null);
        if (newest is not null)
            _whole.Add(newest.Path);
        return newest;
    }

    /// <summary>Adds a checkpoint. Where that fails the ones before stay, a warning says so, and it returns false.</summary>
    public bool Save(long steps, string state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_folder, CheckpointName.Of(steps));
        var unfinished = path + CheckpointName.Unfinished;
        var fault = FaultOf(() =>
        {
            CheckpointFile.Write(unfinished, state, tensors);
            File.Move(unfinished, path, overwrite: true);
        });
        if (fault is not null)
        {
            FaultOf(() => File.Delete(unfinished));
            _warn($"The checkpoint '{path}' could not be written: {fault} Training continues, and the checkpoints before stay.");
            return false;
        }
        _whole.Remove(path);
        _whole.Add(path);
        _whole.RemoveRange(0, Math.Max(0, _whole.Count - Kept));
        // What cannot be deleted now is tried again after the next checkpoint.
        foreach (var old in Files().Except(_whole).ToArray())
            FaultOf(() => File.Delete(old));
        return true;
    }

    public void Dispose() => _lock.Dispose();

    IEnumerable<string> Files() => Directory.EnumerateFiles(_folder)
        .Where(file => CheckpointName.StepsIn(Path.GetFileName(file)) is not null)
        .OrderByDescending(file => CheckpointName.StepsIn(Path.GetFileName(file)));

    Checkpoint? WholeOrNull(string file)
    {
        try
        {
            return new Checkpoint(file, CheckpointFile.ReadState(file));
        }
        catch (Exception damage) when (damage is FormatException or IOException)
        {
            _warn($"The checkpoint '{file}' is damaged and is not used: {damage.Message.TrimEnd('.')}.");
            return null;
        }
        catch (NotSupportedException newer)
        {
            throw new InvalidOperationException($"The checkpoint '{file}' cannot be read: {newer.Message}; or choose another folder.", newer);
        }
    }

    static string? FaultOf(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}

/// <summary>A checkpoint that was found whole.</summary>
/// <param name="Path">Its file.</param>
/// <param name="State">All but the tensors, as JSON.</param>
internal sealed record Checkpoint(string Path, string State)
{
    /// <summary>Its tensors, on the CPU and in the caller's scope.</summary>
    public Dictionary<string, Tensor> Tensors() => CheckpointFile.ReadTensors(Path);
}

/// <summary>A safetensors file that also holds a state as JSON, and a checksum over all of its bytes.</summary>
/// <remarks>The checksum is the SHA-256 of the file as it is with 64 zeros in the checksum's place, which is the same in all files.</remarks>
internal static class CheckpointFile
{
    // 1: the filters of convolutions lay in the default layout. 2: images were compared by a digest of all of them, not by one of each. 3: tokenizers were compared by the place of their files, not by what is in them.
    const int Format = 4;
    const string ChecksumProperty = "sha256";
    const string FormatProperty = "format";
    const string LibraryProperty = "library";
    const string StateProperty = "state";
    const int BufferSize = 1 << 20;

    static readonly byte[] Zeros = [.. Enumerable.Repeat((byte)'0', SHA256.HashSizeInBytes * 2)];
    static readonly int ChecksumPlace = sizeof(long) + $$"""{"__metadata__":{"{{ChecksumProperty}}":" """.Length - 1;

    /// <summary>Writes the whole file, to the disk.</summary>
    public static void Write(string path, string state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        SafeTensors.Write(file, tensors,
        [
            new(ChecksumProperty, Encoding.ASCII.GetString(Zeros)),
            new(FormatProperty, Invariant($"{Format}")),
            new(LibraryProperty, LibraryVersion.Text),
            new(StateProperty, state),
        ]);
        var checksum = Encoding.ASCII.GetBytes(Checksum(file));
        file.Position = ChecksumPlace;
        file.Write(checksum);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The state, after every byte of the file has been checked.</summary>
    /// <exception cref="FormatException">The file is not as it was written.</exception>
    /// <exception cref="NotSupportedException">The file has a newer format, or one that is out of use.</exception>
    public static string ReadState(string path)
    {
        using var file = File.OpenRead(path);
        var metadata = ReadHeader(file).Metadata.ToDictionary();
        if (!metadata.TryGetValue(ChecksumProperty, out var expected))
            throw new FormatException("it has no checksum");
        if (Checksum(file) != expected)
            throw new FormatException("its bytes do not have the checksum that was written");
        return StateIn(metadata);
    }

    /// <summary>The tensors of a file that has been checked, on the CPU and in the caller's scope.</summary>
    public static Dictionary<string, Tensor> ReadTensors(string path)
    {
        using var file = File.OpenRead(path);
        return SafeTensors.Read(file);
    }

    static SafeTensorsHeader ReadHeader(FileStream file)
    {
        try
        {
            return SafeTensorsHeader.Read(file);
        }
        catch (EndOfStreamException end)
        {
            throw new FormatException("it ends early", end);
        }
    }

    static string StateIn(Dictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(FormatProperty) is not { } text || !int.TryParse(text, CultureInfo.InvariantCulture, out var format))
            throw new FormatException("it has no number of a format");
        if (format > Format)
            throw new NotSupportedException($"it has the format {format}, but this version of Microsoft.ML.SharpnessAware knows formats up to {Format} only. Update the package to the version that wrote it, {metadata.GetValueOrDefault(LibraryProperty)}, or a newer one");
        if (format < Format)
            throw new NotSupportedException($"it has the format {format} of an earlier version, from which this one cannot resume. Finish the run with the version that wrote it, {metadata.GetValueOrDefault(LibraryProperty)}, or choose another folder for a new run");
        return metadata.GetValueOrDefault(StateProperty) ?? throw new FormatException("it has no state");
    }

    static string Checksum(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        file.Position = 0;
        for (var place = 0L; file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var count; place += count)
        {
            if (place == 0 && count >= ChecksumPlace + Zeros.Length)
                Zeros.CopyTo(buffer, ChecksumPlace);
            hash.AppendData(buffer, 0, count);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What checkpoints are called: by the number of steps before them.</summary>
internal static partial class CheckpointName
{
    public const string Unfinished = ".tmp";

    public static string Of(long steps) => Invariant($"sam-step-{steps:00000000}.safetensors");

    /// <summary>The number in the name; null where it is no checkpoint's.</summary>
    public static long? StepsIn(string fileName) =>
        Checkpoint().Match(fileName) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var steps) ? steps : null;

    /// <summary>Whether the name is that of a checkpoint which was not written to its end.</summary>
    public static bool IsUnfinished(string fileName) =>
        fileName.EndsWith(Unfinished, StringComparison.Ordinal) && StepsIn(fileName[..^Unfinished.Length]) is not null;

    [GeneratedRegex(@"^sam-step-([0-9]{8,})\.safetensors\z")]
    private static partial Regex Checkpoint();
}

/// <summary>Keeps a folder for one run: a file that is open as long as the run lives, and that the system closes when the process is killed.</summary>
/// <remarks>The file stays. To delete it would let a run that waits for the old file and one that makes a new one both go on.</remarks>
internal sealed class FolderLock : IDisposable
{
    // What "somebody else has it" is called by Windows, Linux and macOS.
    static readonly int[] Taken = [unchecked((int)0x80070020), 11, 35];

    readonly FileStream _file;

    /// <exception cref="InvalidOperationException">Another run has the folder.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public FolderLock(string folder)
    {
        try
        {
            _file = new FileStream(Path.Combine(folder, "sam-run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (Taken.Contains(taken.HResult))
        {
            throw new InvalidOperationException($"The checkpoint folder '{folder}' belongs to a run that is still going on. Wait for it to end, or choose another folder.", taken);
        }
    }

    public void Dispose() => _file.Dispose();
}
