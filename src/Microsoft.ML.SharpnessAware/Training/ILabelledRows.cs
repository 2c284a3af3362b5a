using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Rows that have been read, with their labels.</summary>
internal interface ILabelledRows : IDisposable
{
    int Count { get; }

    /// <summary>Gives the hash all that the rows are, in order: labels, and inputs as they came, not normalised, augmented or tokenized.</summary>
    void AddTo(IncrementalHash hash);
}
