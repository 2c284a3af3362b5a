namespace Benchmarks;

/// <summary>What one run came to: a line of the results.</summary>
/// <param name="Run">How it was made; runs that are equal have equal numbers, but for rounding and time.</param>
/// <param name="Numbers">What was measured, by the names in the table.</param>
sealed record Result<TRun>(TRun Run, Dictionary<string, double> Numbers);
