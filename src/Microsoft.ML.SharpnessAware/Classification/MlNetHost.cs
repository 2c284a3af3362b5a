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

/// <summary>Errors as ML.NET's own are: marked as such that explain themselves.</summary>
internal static class MlNetErrors
{
    /// <summary>Does the work, and marks what it throws.</summary>
    public static T Marked<T>(IHost host, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (ExplainsItself(fault))
        {
            host.Process(fault);
            throw;
        }
    }

    /// <summary>Does so where ML.NET calls a loader. It puts several errors of its own above that of a loader, so the log says first what is wrong.</summary>
    public static T Logged<T>(IHost host, Func<T> load)
    {
        try
        {
            return Marked(host, load);
        }
        catch (Exception fault) when (fault.IsMarked())
        {
            using var channel = host.Start("Loading");
            channel.Error(MessageSensitivity.None, fault.Message);
            throw;
        }
    }

    static bool ExplainsItself(Exception fault) => fault is InvalidOperationException or ArgumentException or FormatException or NotSupportedException;
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
