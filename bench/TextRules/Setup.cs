using Microsoft.ML.SharpnessAware;

namespace TextRules;

/// <summary>What a method trains with.</summary>
sealed record Setup(SharpnessRule Rule, BaseOptimizer Optimizer, TextNetwork Network);
