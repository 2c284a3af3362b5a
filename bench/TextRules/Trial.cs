namespace TextRules;

/// <summary>How a network was trained.</summary>
/// <param name="Settings">What all trainings have in common.</param>
/// <param name="Task">The texts.</param>
/// <param name="Rule">The rule, with its radius.</param>
/// <param name="Optimizer">The optimizer, with its rate.</param>
/// <param name="Network">The network.</param>
/// <param name="Epochs">Passes of the loop over the training rows.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Tuning">Whether it was trained on half of the training rows and tested on the other half.</param>
sealed record Trial(Settings Settings, TextTask Task, string Rule, string Optimizer, string Network, int Epochs, int Seed, bool Tuning)
{
    public static Trial Of(Settings settings, TextTask task, Method method, Setup setup, int seed, bool tuning) =>
        new(settings, task, setup.Rule.ToString(), setup.Optimizer.ToString(), setup.Network.ToString(), task.Epochs * method.Longer, seed, tuning);
}
