using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>One run of a comparison or a search: a method with its radius, a seed, and the number of epochs.</summary>
/// <remarks>
/// It has a constructor without parameters and can be read from JSON, so that the search of AutoML can make trials as well:
/// <c>context.Auto().CreateSweepableEstimator((MLContext ml, SamTrial trial) => ml.MulticlassClassification.Trainers.SamImage(trial.ApplyTo(options)), searchSpace)</c>.
/// </remarks>
public sealed record SamTrial
{
    /// <summary>The method. <see cref="SamVariant.Sam"/> by default.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<SamVariant>))]
    public SamVariant Variant { get; init; } = SamVariant.Sam;

    /// <summary>The radius ρ of the perturbation; null, the default, for the method's own.</summary>
    public double? Rho { get; init; }

    /// <summary>The seed of all that is random; null, the default, for that of the options.</summary>
    public int? Seed { get; init; }

    /// <summary>The most passes over the training rows; null, the default, for that of the options.</summary>
    public int? Epoch { get; init; }

    /// <summary>The method as a rule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is out of its range, or the method has none.</exception>
    [JsonIgnore]
    public SharpnessRule Sharpness => SamVariants.Rule(Variant, Rho, sharpness: null);

    /// <summary>Told of each epoch.</summary>
    internal Action<EpochMetrics>? Watch { get; init; }

    /// <summary>Whether it is to find out how long an epoch of the whole network takes.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal bool TimesAnEpoch { get; init; }

    /// <summary>A copy of the options with what the trial says.</summary>
    /// <param name="options">The options that all trials share; they stay as they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">ρ is out of its range, or the method has none.</exception>
    public TOptions ApplyTo<TOptions>(TOptions options)
        where TOptions : SamTrainerOptions => (TOptions)options.With(copy =>
        {
            var settings = (SamTrainerOptions)copy;
            settings.Sharpness = Sharpness;
            settings.Seed = Seed ?? settings.Seed;
            settings.Epoch = Epoch ?? settings.Epoch;
            settings.MetricsCallback += Watch;
            if (TimesAnEpoch && settings.FreezeBackboneEpochs < int.MaxValue)
                settings.FreezeBackboneEpochs = 0;
        });

    /// <summary>Trials of each method with each radius and each seed; methods without a radius once for each seed.</summary>
    /// <param name="variants">The methods.</param>
    /// <param name="rhos">The radii; none for each method's own.</param>
    /// <param name="seeds">How many seeds, which count from 1.</param>
    /// <param name="epochs">The most passes over the training rows; null for that of the options.</param>
    public static IReadOnlyList<SamTrial> Grid(IEnumerable<SamVariant> variants, IReadOnlyCollection<double> rhos, int seeds, int? epochs = null)
    {
        Require.NotNull(variants);
        Require.NotNull(rhos);
        Require.AtLeast(1, seeds);
        // Seed by seed: the first seed tells something of all methods.
        return
        [
            .. from seed in Enumerable.Range(1, seeds)
               from variant in variants
               from rho in variant == SamVariant.Plain || rhos.Count == 0 ? [null] : rhos.Select(rho => (double?)rho)
               select new SamTrial { Variant = variant, Rho = rho, Seed = seed, Epoch = epochs },
        ];
    }

    /// <summary>Whether both are the same run.</summary>
    public bool Equals(SamTrial? other) => other is not null && (Variant, Rho, Seed, Epoch, TimesAnEpoch) == (other.Variant, other.Rho, other.Seed, other.Epoch, other.TimesAnEpoch);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Variant, Rho, Seed, Epoch, TimesAnEpoch);
}

/// <summary>What became of a trial.</summary>
/// <param name="Trial">The run.</param>
/// <param name="MicroAccuracy">The share of the test rows that are classified correctly, from 0 to 1.</param>
/// <param name="MacroAccuracy">The mean of that share over the classes, from 0 to 1.</param>
/// <param name="LogLoss">The mean cross-entropy of the test rows.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Passes">Forward and backward passes a step, on average.</param>
/// <param name="SecondsPerEpoch">The time that an epoch took, validation included, in seconds; without the first where there are more.</param>
/// <param name="Seconds">The time that the training took, reading the rows included, in seconds.</param>
public sealed record SamTrialResult(SamTrial Trial, double MicroAccuracy, double MacroAccuracy, double LogLoss, int Epochs, double Passes, double SecondsPerEpoch, double Seconds);
