using Microsoft.ML.Data.IO;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What the MLContext says of seed, GPU and temporary files, as it was when the host was registered.</summary>
internal sealed record HostSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu, string TempFilePath)
{
    public static HostSettings Of(IHost host)
    {
        var settings = (IHostEnvironmentInternal)host;
        return new(settings.Seed, settings.GpuDeviceId, settings.FallbackToCpu, settings.TempFilePath);
    }
}

/// <summary>A value and its ML.NET type inside a model's body, in ML.NET's own encoding.</summary>
internal static class TypedValue
{
    public static void Write<T>(IHost host, ModelSaveContext model, DataViewType type, T value)
    {
        if (!Saver(host).TryWriteTypeAndValue(model.Writer.BaseStream, type, ref value, out _))
            throw host.ExceptNotSupp($"Values of the type {type} cannot be saved in a model.");
    }

    public static (DataViewType Type, object Value) Read(IHost host, ModelLoadContext model)
    {
        host.CheckDecode(Saver(host).TryLoadTypeAndValue(model.Reader.BaseStream, out var type, out var value), "The model holds values of an unknown type.");
        return (type, value);
    }

    static BinarySaver Saver(IHost host) => new(host, new BinarySaver.Arguments());
}
