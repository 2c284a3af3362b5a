using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>How each rule is used: the first lines of its page in docs/rules.</summary>
public static class RuleUsage
{
    /// <summary>The trainers that the pages make, by the rule's name.</summary>
    public static IReadOnlyDictionary<string, Func<MLContext, SamImageTrainer>> All { get; } = new Dictionary<string, Func<MLContext, SamImageTrainer>>
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

    static SamImageTrainer AdaptiveSam(MLContext ml)
    {
        #region AdaptiveSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new AdaptiveSam(new Sam(Rho: 0.05), Lambda1: -1, Lambda2: 1));
        #endregion
        return trainer;
    }

    static SamImageTrainer Asam(MLContext ml)
    {
        #region Asam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new Asam(Rho: 0.5));
        #endregion
        return trainer;
    }

    static SamImageTrainer CrSam(MLContext ml)
    {
        #region CrSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new CrSam(Rho: 0.1, Gamma: 0.1, Beta: 0.01));
        #endregion
        return trainer;
    }

    static SamImageTrainer DeltaSam(MLContext ml)
    {
        #region DeltaSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new DeltaSam(new Sam(Rho: 0.05)));
        #endregion
        return trainer;
    }

    static SamImageTrainer EigenSam(MLContext ml)
    {
        #region EigenSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new EigenSam(Rho: 0.05, Alpha: 0.2));
        #endregion
        return trainer;
    }

    static SamImageTrainer EveryK(MLContext ml)
    {
        #region EveryK
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new EveryK(new Sam(Rho: 0.5), K: 10));
        #endregion
        return trainer;
    }

    static SamImageTrainer FriendlySam(MLContext ml)
    {
        #region FriendlySam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new FriendlySam(new Sam(Rho: 0.1)));
        #endregion
        return trainer;
    }

    static SamImageTrainer GradientNormPenalty(MLContext ml)
    {
        #region GradientNormPenalty
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new GradientNormPenalty(new Sam(Rho: 0.1), Alpha: 0.8));
        #endregion
        return trainer;
    }

    static SamImageTrainer Gsam(MLContext ml)
    {
        #region Gsam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new Gsam(new Sam(Rho: 0.1), Alpha: 0.4));
        #endregion
        return trainer;
    }

    static SamImageTrainer LookSam(MLContext ml)
    {
        #region LookSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new LookSam(new Sam(Rho: 0.1), K: 5));
        #endregion
        return trainer;
    }

    static SamImageTrainer MomentumSam(MLContext ml)
    {
        #region MomentumSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new MomentumSam(Rho: 0.3));
        #endregion
        return trainer;
    }

    static SamImageTrainer Plain(MLContext ml)
    {
        #region Plain
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new Plain());
        #endregion
        return trainer;
    }

    static SamImageTrainer RandomizedSam(MLContext ml)
    {
        #region RandomizedSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new RandomizedSam(new Sam(Rho: 0.05), Probability: 0.5));
        #endregion
        return trainer;
    }

    static SamImageTrainer RwSam(MLContext ml)
    {
        #region RwSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new RwSam(new Sam(Rho: 0.05), Lambda: 0.5));
        #endregion
        return trainer;
    }

    static SamImageTrainer Sam(MLContext ml)
    {
        #region Sam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new Sam(Rho: 0.05));
        #endregion
        return trainer;
    }

    static SamImageTrainer SamPa(MLContext ml)
    {
        #region SamPa
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new SamPa(Rho: 0.1, Lambda: 0.2));
        #endregion
        return trainer;
    }

    static SamImageTrainer Vasso(MLContext ml)
    {
        #region Vasso
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new Vasso(new Sam(Rho: 0.2), Theta: 0.9));
        #endregion
        return trainer;
    }

    static SamImageTrainer WeightedSam(MLContext ml)
    {
        #region WeightedSam
        var trainer = ml.MulticlassClassification.Trainers.SamImage(sharpness: new WeightedSam(new Sam(Rho: 0.05), Gamma: 0.9));
        #endregion
        return trainer;
    }
}
