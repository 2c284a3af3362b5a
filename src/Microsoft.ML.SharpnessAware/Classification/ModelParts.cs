using System.Text.Json;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The parts of a model that lie beside its body in the zip: what it is, as JSON, and its weights.</summary>
internal static class ModelParts
{
    const int Format = 1;
    const string Json = "Model.json";
    const string Weights = "Weights.safetensors";

    public static VersionInfo Version(string signature, string loaderSignature) => new(
        modelSignature: signature,
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: loaderSignature,
        // The simple name: with the full one, an older version of the assembly could not load what a newer one saved.
        loaderAssemblyName: typeof(ModelParts).Assembly.GetName().Name);

    public static void Save<T>(ModelSaveContext context, T model, nn.Module network)
        where T : IClassifierModel
    {
        context.SaveBinaryStream(Json, part => JsonSerializer.Serialize(part.BaseStream, new VersionedJson<T>(Format, LibraryVersion.Text, model), RecordJson.Options));
        using var scope = NewDisposeScope();
        var weights = model.HalfPrecisionWeights ? HalfPrecision.Of(network.state_dict()) : network.state_dict();
        context.SaveBinaryStream(Weights, part => SafeTensors.Write(part.BaseStream, weights));
    }

    /// <exception cref="FormatException">The part is missing or damaged, or of a format that this version does not know.</exception>
    public static T LoadModel<T>(IHost host, ModelLoadContext context) => Load(host, context, Json, json =>
    {
        using var document = JsonDocument.Parse(json);
        CheckFormat(document.RootElement);
        return document.Deserialize<VersionedJson<T>>(RecordJson.Options)!.Model;
    });

    /// <summary>The network with the model's weights.</summary>
    /// <param name="host">Whose errors they are.</param>
    /// <param name="context">The model.</param>
    /// <param name="leastWeights">The network has at least so many: where there are fewer, it is not built.</param>
    /// <param name="build">Builds the network.</param>
    /// <exception cref="FormatException">The part is missing or damaged, or does not fit the network.</exception>
    public static TNetwork LoadNetwork<TNetwork>(IHost host, ModelLoadContext context, double leastWeights, Func<TNetwork> build)
        where TNetwork : nn.Module => Load(host, context, Weights, weights =>
        {
            TNetwork? network = null;
            try
            {
                SafeTensors.ReadInto(weights, entries =>
                {
                    CheckEnough(entries, leastWeights);
                    network = build();
                    return (entries, network.state_dict());
                });
                return network!;
            }
            catch
            {
                network?.Dispose();
                throw;
            }
        });

    // A small file may name sizes of any network, which would fill the memory.
    static void CheckEnough(IReadOnlyList<TensorEntry> entries, double leastWeights)
    {
        var numbers = entries.Sum(entry => (double)entry.Bytes / entry.Type.Size);
        if (numbers < leastWeights)
            throw new FormatException(Invariant($"it has {numbers:F0} numbers, but the network of the model's {Json} has at least {leastWeights:F0}"));
    }

    static void CheckFormat(JsonElement json)
    {
        if (!json.TryGetProperty(nameof(VersionedJson<>.Format), out var format) || !format.TryGetInt32(out var number))
            throw new FormatException("it has no number of a format");
        if (number > Format)
            throw new FormatException($"it has the format {number}, but this version of Microsoft.ML.SharpnessAware knows formats up to {Format} only. Update the package to the version that saved the model, {json.GetProperty(nameof(VersionedJson<>.Library))}, or a newer one");
    }

    /// <summary>A part of that name, as it was written by <see cref="ModelSaveContext.SaveBinaryStream"/>.</summary>
    /// <exception cref="FormatException">The part is missing or damaged.</exception>
    public static T Load<T>(IHost host, ModelLoadContext context, string part, Func<Stream, T> load)
    {
        try
        {
            T? loaded = default;
            if (!context.TryLoadBinaryStream(part, reader => loaded = load(reader.BaseStream)))
                throw new FormatException("it is missing");
            return loaded!;
        }
        catch (Exception fault) when (fault is FormatException or JsonException or InvalidDataException or InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException)
        {
            // Without the fault beneath: ML.NET puts errors on top, and GetBaseException is the way to this one.
            throw host.ExceptDecode($"Cannot load the model's {part}: {fault.Message.TrimEnd('.')}.");
        }
    }
}

/// <summary>Weights in half the bytes.</summary>
internal static class HalfPrecision
{
    const double Largest = 65504;

    /// <summary>The tensors, matrices and kernels of float32 as float16, in the caller's scope. The rest is small, and stays as it is; so does what float16 cannot hold.</summary>
    public static Dictionary<string, Tensor> Of(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGradients = no_grad();
        return tensors.ToDictionary(tensor => tensor.Key, tensor => Fits(tensor.Value) ? tensor.Value.detach().to(ScalarType.Float16) : tensor.Value);
    }

    static bool Fits(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.dtype == ScalarType.Float32 && tensor.dim() > 1 && tensor.detach().abs().max().ToDouble() <= Largest;
    }
}

/// <summary>A model's JSON, with the number of its format and the version of the library that wrote it.</summary>
internal sealed record VersionedJson<T>(int Format, string Library, T Model);
