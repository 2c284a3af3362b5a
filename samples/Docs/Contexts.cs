using Microsoft.ML;

namespace Docs;

/// <summary>The MLContexts of docs/training/monitoring.md and docs/training/process.md.</summary>
public static class Contexts
{
    /// <summary>An MLContext whose log is shown.</summary>
    public static MLContext WithLog()
    {
        #region log
        var ml = new MLContext(seed: 1);
        ml.Log += (_, message) =>
        {
            if (message.Source.StartsWith("Sam", StringComparison.Ordinal) && message.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Info)
                Console.WriteLine(message.RawMessage);
        };
        #endregion
        return ml;
    }

    /// <summary>An MLContext on the first NVIDIA GPU.</summary>
    public static MLContext OnGpu()
    {
        #region gpu
        var ml = new MLContext(seed: 1)
        {
            GpuDeviceId = 0, // the first GPU
            FallbackToCpu = true, // a warning if there is none, in place of an error
        };
        #endregion
        return ml;
    }
}
