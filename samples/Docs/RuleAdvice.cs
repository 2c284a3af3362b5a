using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>What to do and what to avoid with each rule, as its page in docs/rules shows it.</summary>
public static class RuleAdvice
{
    /// <summary>The code of each page, by the rule's name.</summary>
    public static IReadOnlyDictionary<string, Action<SamImageTrainer.Options, List<SharpnessRule>>> All { get; } = new Dictionary<string, Action<SamImageTrainer.Options, List<SharpnessRule>>>
    {
        [nameof(AdaptiveSam)] = AdaptiveSam,
        [nameof(Asam)] = Asam,
        [nameof(CrSam)] = CrSam,
        [nameof(DeltaSam)] = DeltaSam,
        [nameof(EigenSam)] = EigenSam,
        [nameof(EveryK)] = EveryK,
        [nameof(FriendlySam)] = FriendlySam,
        [nameof(GradientNormPenalty)] = GradientNormPenalty,
        [nameof(Gsam)] = Gsam,
        [nameof(LookSam)] = LookSam,
        [nameof(MomentumSam)] = MomentumSam,
        [nameof(Plain)] = Plain,
        [nameof(RandomizedSam)] = RandomizedSam,
        [nameof(RwSam)] = RwSam,
        [nameof(Sam)] = Sam,
        [nameof(SamPa)] = SamPa,
        [nameof(Vasso)] = Vasso,
        [nameof(WeightedSam)] = WeightedSam,
    };

    static void AdaptiveSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region AdaptiveSam
        options.Sharpness = new AdaptiveSam(Lambda1: -1, Lambda2: 0); // Do: lower the bounds where too few steps climb.

        options.EarlyStoppingCriteria = new EarlyStopping(Patience: 2); // Don't judge the cost by a run that ends early: late steps climb more often.
        #endregion
    }

    static void Asam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region Asam
        options.Sharpness = new Asam(Rho: 0.5); // Do: begin with ten times the radius of Sam.

        options.Sharpness = new Asam(Rho: 0.05); // Don't carry over the radius of Sam.
        options.Sharpness = new Asam(Rho: 0.5, Eta: 0); // Don't: weights that are 0 are never perturbed.
        #endregion
    }

    static void CrSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region CrSam
        foreach (var gamma in new[] { 0.01, 0.1, 1 }) // Do: search γ and β again for another normalization.
            candidates.Add(new CrSam(Gamma: gamma, Beta: gamma / 10) { Normalization = CrSamNormalization.Log });

        options.Sharpness = new CrSam(Gamma: 0, Beta: 0); // Don't: that is Sam, at the cost of three passes.
        #endregion
    }

    static void DeltaSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region DeltaSam
        (options.Sharpness, options.MicroBatch) = (new Sam(Rho: 0.05), 16); // Do: for a perturbation of every 16 examples, exactly.

        options.Sharpness = new DeltaSam(Probe: 0.005); // Don't: in float32 the second differences are off by 10 % and more.
        #endregion
    }

    static void EigenSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region EigenSam
        options.Sharpness = new EigenSam(Every: 100, Iterations: 5); // Do: 2.1 passes a step on average.

        options.Sharpness = new EigenSam(Every: 1, Iterations: 5); // Don't: 12 passes in every step.
        #endregion
    }

    static void EveryK(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region EveryK
        options.Sharpness = new EveryK(new Sam(Rho: 0.5), K: 10); // Do: raise ρ with K.

        options.Sharpness = new EveryK(new Sam(Rho: 0.05), K: 10); // Don't: in one step of ten this radius does little.
        #endregion
    }

    static void FriendlySam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        const int trainingRows = 2000;
        #region FriendlySam
        options.Sharpness = new FriendlySam(new Asam(Rho: 0.5)); // Do: combine it with the ascent that serves you best.

        options.BatchSize = trainingRows; // Don't: one batch of all rows has no noise to climb along.
        #endregion
    }

    static void GradientNormPenalty(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region GradientNormPenalty
        options.RhoSchedule = new DelayedSchedule(Epochs: 40); // Do: leave the penalty out while the learning rate warms up.
        options.Sharpness = new WeightedSam(Gamma: 0.6, Decoupled: false); // Do: for α = 1.5, since α is at most 1 here.

        options.Sharpness = new GradientNormPenalty(Alpha: 0); // Don't: plain training at the cost of two passes.
        #endregion
    }

    static void Gsam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region Gsam
        options.Sharpness = new Gsam(new Sam(Rho: 0.6), Alpha: 0.6); // Do: a ρ that follows the learning rate, from 0.6 to 0.1.
        options.Schedule = new CosineSchedule();
        options.RhoSchedule = new TiedSchedule(options.Schedule, EndFactor: 0.1 / 0.6);

        options.Sharpness = new Gsam(new Sam(Rho: 0.001)); // Don't: both gradients are nearly the same, and α has no effect.
        #endregion
    }

    static void LookSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region LookSam
        options.Sharpness = new LookSam(K: 5, Alpha: 0.2); // Do: lower α if training becomes unstable.

        options.Sharpness = new LookSam(K: 1); // Don't: that is Sam, and costs as much.
        #endregion
    }

    static void MomentumSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region MomentumSam
        options.Sharpness = new MomentumSam(Rho: 0.3);
        options.Optimizer = new Sgd(LearningRate: 0.1, Momentum: 0.9); // Do: it needs an optimizer with momentum.
        options.RhoSchedule = new DelayedSchedule(Epochs: 8); // Do: wait while the learning rate warms up.

        options.Optimizer = new Sgd(LearningRate: 0.1, Momentum: 0); // Don't: the second step ends the run with an error.
        #endregion
    }

    static void Plain(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        const int epochsOfSam = 50;
        var contexts = new List<MLContext>();
        #region Plain
        (options.Sharpness, options.Epoch) = (new Plain(), 2 * epochsOfSam); // Do: compare at equal time.
        foreach (var seed in new[] { 1, 2, 3 }) // Do: repeat with a few seeds.
            contexts.Add(new MLContext(seed));

        (options.Sharpness, options.Epoch) = (new Plain(), epochsOfSam); // Don't compare at equal epochs alone: Sam takes twice the time.
        #endregion
    }

    static void RandomizedSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region RandomizedSam
        options.Sharpness = new RandomizedSam(Probability: 1, Schedule: new DelayedSchedule(Epochs: 150)); // Do: Sam from epoch 150 on.

        options.Sharpness = new RandomizedSam(Probability: 1); // Don't: that is Sam, and costs as much.
        #endregion
    }

    static void RwSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region RwSam
        foreach (var lambda in new[] { 0.125, 0.25, 0.5, 1, 2 }) // Do: what serves depends on the size of the gradients.
            candidates.Add(new RwSam(Lambda: lambda));

        options.Sharpness = new RwSam(Lambda: 0); // Don't: Sam at the cost of two more forward passes.
        #endregion
    }

    static void Sam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region Sam
        foreach (var rho in new[] { 0.02, 0.05, 0.1 }) // Do: try two or three radii.
            candidates.Add(new Sam(rho));

        options.Sharpness = new Sam(Rho: 0.5); // Don't carry over the radius of Asam, or one for another P.
        #endregion
    }

    static void SamPa(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region SamPa
        options.Sharpness = new Sam(Rho: 0.05); // Do: on one device this costs the same.

        options.Sharpness = new EveryK(new SamPa(), K: 5); // Don't: the remembered gradient and batch would be of different steps.
        #endregion
    }

    static void Vasso(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region Vasso
        foreach (var theta in new[] { 0.2, 0.4, 0.9 }) // Do: try smaller values too; at 0.9 the mean is over little more than one batch.
            candidates.Add(new Vasso(new Sam(Rho: 0.2), theta));

        options.Sharpness = new Vasso(Theta: 0); // Don't: d stays the first step's gradient.
        #endregion
    }

    static void WeightedSam(SamImageTrainer.Options options, List<SharpnessRule> candidates)
    {
        #region WeightedSam
        options.Sharpness = new WeightedSam(new Sam(Rho: 0.05), Gamma: 0.8); // Do: lower γ or ρ first if training becomes unstable.

        options.Sharpness = new WeightedSam(Decoupled: true); // Don't decouple with AdamW unless you have tuned ρ for it.
        options.Optimizer = new AdamW(LearningRate: 0.001);
        #endregion
    }
}
