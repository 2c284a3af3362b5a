using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The rows of a run, as the network takes them.</summary>
internal interface ITrainingData : IDisposable
{
    IExamples Train { get; }

    IExamples? Validation { get; }

    /// <summary>The rows given to train on, those too that were set aside to validate on.</summary>
    ILabelledRows Given { get; }

    /// <summary>The rows given to validate on; null where none were.</summary>
    ILabelledRows? GivenValidation { get; }

    /// <summary>Says how many rows there are, and which were left out.</summary>
    void Report(IChannel channel);
}
