namespace Microsoft.ML.SharpnessAware;

/// <summary>An image cannot be used; the message is the reason, as the end of a sentence.</summary>
internal sealed class BadImageException(string reason, Exception? cause = null) : InvalidOperationException(reason, cause);
