using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The rows of a run, as the network takes them.</summary>
internal interface ITrainingData : IDisposable
{
    /// <summary>What is trained on them.</summary>
    ITrainableNetwork Network { get; }

    IExamples Train { get; }

    IExamples? Validation { get; }

    /// <summary>The rows given to train on, those too that were set aside to validate on.</summary>
    ILabelledRows Given { get; }

    /// <summary>The rows given to validate on; null where none were.</summary>
    ILabelledRows? GivenValidation { get; }

    /// <summary>Writes all that texts are tokenized by; null where there are no texts.</summary>
    Action<Stream>? SaveVocabulary { get; }

    /// <summary>Says how many rows there are, and which were left out.</summary>
    void Report(IChannel channel);
}

/// <summary>What is known of a run before rows are read: who trains, where, and to tell what apart.</summary>
internal sealed class RunStart : IDisposable
{
    RunStart(IChannel channel, Team team, LabelClasses classes, Device device) => (Channel, Team, Classes, Device) = (channel, team, classes, device);

    /// <summary>Where the run is logged; of several workers only the first is heard.</summary>
    public IChannel Channel { get; }

    public Team Team { get; }

    public LabelClasses Classes { get; }

    public Device Device { get; }

    /// <exception cref="InvalidOperationException">libtorch, or the GPU that was asked for, is not there, or it cannot compute so.</exception>
    public static RunStart Of(IHost host, string purpose, Team team, LabelClasses classes, Precision precision)
    {
        var channel = team.Leads ? host.Start(purpose) : Unheard(purpose);
        try
        {
            var device = Libtorch.OpenToTrain(host, channel);
            Bfloat16Support.Require(precision, device);
            return new(channel, team, classes, device);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public void Say(string line) => Channel.Info(MessageSensitivity.None, line);

    public void Warn(string line) => Channel.Warning(MessageSensitivity.None, line);

    public void Dispose() => Channel.Dispose();

    // Of a context that nobody listens to.
    static IChannel Unheard(string purpose) => ((IHostEnvironment)new MLContext()).Register(purpose).Start(purpose);
}

/// <summary>A run's rows and seeds. Disposing of it gives back the process's number of threads and its generator, and the rows.</summary>
internal sealed class TrainingSetup<TData> : IDisposable
    where TData : ITrainingData
{
    readonly IDisposable _threads;
    readonly IDisposable _random;

    public TrainingSetup(int seed, int threads, Func<Seeds, TData> load)
    {
        Seeds = new Seeds(seed);
        _threads = LibtorchThreads.Borrow(threads);
        _random = Seeds.BorrowGlobalGenerator();
        try
        {
            Data = load(Seeds);
        }
        catch
        {
            GiveBack();
            throw;
        }
    }

    public Seeds Seeds { get; }

    public TData Data { get; }

    public void Dispose()
    {
        Data.Dispose();
        GiveBack();
    }

    void GiveBack()
    {
        _random.Dispose();
        _threads.Dispose();
    }
}

/// <summary>All that a run needs to begin.</summary>
internal sealed class PreparedRun<TData>(TrainingSetup<TData> setup, Recipe recipe, TrainingPlan plan, nn.Module<Tensor, Tensor> network) : IDisposable
    where TData : ITrainingData
{
    public TrainingSetup<TData> Setup => setup;

    public Recipe Recipe => recipe;

    public TrainingPlan Plan => plan;

    public nn.Module<Tensor, Tensor> Network => network;

    /// <summary>Whether the network belongs to a model.</summary>
    public bool IsTaken { get; set; }

    public void Dispose()
    {
        if (!IsTaken)
            network.Dispose();
        setup.Dispose();
    }
}

/// <summary>What comes of a run.</summary>
/// <param name="Classes">What the network tells apart.</param>
/// <param name="Network">In eval mode, on the device.</param>
/// <param name="Device">Where it is.</param>
/// <param name="Embedding">The column of what comes to the last layer; null for none.</param>
/// <param name="Facts">How it came about, for people to read.</param>
internal sealed record TrainedNetwork(LabelClasses Classes, nn.Module<Tensor, Tensor> Network, Device Device, EmbeddingColumn? Embedding, JsonObject Facts);
