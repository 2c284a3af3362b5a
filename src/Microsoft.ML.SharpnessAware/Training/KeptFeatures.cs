using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What the layers before the last make of rows, in a file for the next run: its name is a digest of those layers and of the rows as they come to them.</summary>
internal sealed class KeptFeatures : IDisposable
{
    const string Features = "features";

    // Of the largest of them: what another device or libtorch rounds otherwise is less.
    const double Tolerance = 1e-2;

    readonly string _file;
    readonly int _rows;
    readonly TrainingPlan _plan;
    Tensor? _read;

    KeptFeatures(string file, int rows, TrainingPlan plan)
    {
        (_file, _rows, _plan) = (file, rows, plan);
        _read = File.Exists(file) ? Read() : null;
        ForgetIfAny(_read is null);
    }

    /// <summary>Whether the file was there.</summary>
    public bool AreThere => _read is not null;

    /// <summary>Those of the rows, which may have to be computed first; null where nothing is kept.</summary>
    public static KeptFeatures? Of(IExamples examples, int[][] batches, FeatureTap tap, TrainingPlan plan) =>
        plan.Frozen?.FeatureFolder is { } folder ? new(Path.Combine(folder, $"{Digest(examples, batches, tap, plan)}.safetensors"), examples.Count, plan) : null;

    /// <summary>The features of some rows; null where they have to be computed.</summary>
    public Tensor? Of(int[] rows) => _read?.index_select(0, tensor(Array.ConvertAll(rows, row => (long)row)));

    /// <summary>Does without the file where what the network makes of these rows is not in it: its name says nothing of what a network has in fields of its own.</summary>
    public void Compare(int[] rows, Tensor computed)
    {
        using var scope = NewDisposeScope();
        var differ = Of(rows) is { } read && !AreAlike(read, computed);
        if (differ)
            _plan.Warn($"The features in '{_file}' are not those that the network computes now, and are computed again.");
        ForgetIfAny(differ);
    }

    /// <summary>Writes the file, unless it is there. Where it cannot be written, that is a warning.</summary>
    public void Write(FeatureExamples features)
    {
        if (_read is not null || !_plan.Team.Leads)
            return;
        using var all = features.All();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            WholeFile.WriteBytes(_file, stream => SafeTensors.Write(stream, new Dictionary<string, Tensor> { [Features] = all }));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _plan.Warn($"The features cannot be kept in '{_file}': {fault.Message.TrimEnd('.')}.");
        }
    }

    public void Dispose() => _read?.Dispose();

    static bool AreAlike(Tensor read, Tensor computed) =>
        read.shape.SequenceEqual(computed.shape) && ((read - computed).abs().max() <= Tolerance * computed.abs().max()).ToBoolean();

    // All workers compute, or none.
    void ForgetIfAny(bool here)
    {
        if (!_plan.Team.Any(here))
            return;
        _read?.Dispose();
        _read = null;
    }

    Tensor? Read()
    {
        try
        {
            using var file = File.OpenRead(_file);
            var features = SafeTensors.Read(file)[Features];
            if (features.shape[0] != _rows)
                throw new FormatException($"it has {features.shape[0]} rows, not {_rows}");
            _plan.Log($"The features of {_rows} rows are those of '{_file}'.");
            return features;
        }
        catch (Exception fault) when (fault is FormatException or EndOfStreamException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            _plan.Warn($"The features in '{_file}' cannot be used and are computed again: {fault.Message.TrimEnd('.')}.");
            return null;
        }
    }

    static string Digest(IExamples examples, int[][] batches, FeatureTap tap, TrainingPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        tap.AddTo(hash);
        var digests = plan.Team.BytesOfAll([.. plan.Team.OwnOf(batches).SelectMany(batch => Digest(examples, batch.Rows, plan))]);
        for (var number = 0; number < batches.Length; number++)
            hash.AppendData(digests[plan.Team.OwnerOf(number)], number / plan.Team.Count * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static byte[] Digest(IExamples examples, int[] rows, TrainingPlan plan)
    {
        plan.ThrowIfCancelled();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var batch = examples.Load(rows, augmentationSeed: null);
        hash.AppendData(Encoding.UTF8.GetBytes($"{string.Join(' ', rows)} as {string.Join('×', batch.Inputs.shape)} {batch.Inputs.dtype}"));
        using var inputs = batch.Inputs.contiguous();
        hash.AppendData(inputs.bytes);
        return hash.GetHashAndReset();
    }
}
