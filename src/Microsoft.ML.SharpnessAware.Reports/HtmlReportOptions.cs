namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>What a report shows beside the model and its data, and how much of it.</summary>
public sealed class HtmlReportOptions
{
    /// <summary>The heading of the report. "Training report" by default.</summary>
    public string Title = "Training report";

    /// <summary>The epochs of the run, as its metrics callback was given them; none by default, which leaves out the curves.</summary>
    public IReadOnlyList<EpochMetrics> Epochs = [];

    /// <summary>The options that the model was trained with; null, the default, for those alone that the model's file has.</summary>
    public SamTrainerOptions? TrainerOptions;

    /// <summary>How long the training took; null, the default, for the time at the end of the last epoch, or nothing where there are no epochs.</summary>
    public TimeSpan? TrainingTime;

    /// <summary>A column of texts that names the rows, such as the path of an image; null, the default, for the first column of texts that is neither the label nor what the model reads.</summary>
    public string? NameColumnName;

    /// <summary>The most rows of each data set that are read, drawn by <see cref="Seed"/>; 5,000 by default.</summary>
    public int MaxRows = 5000;

    /// <summary>The most rows that are shown for a cell of the confusion matrix; 12 by default.</summary>
    public int RowsPerCell = 12;

    /// <summary>The most rows that are shown in lists: of the largest losses, the near-duplicates and the suspicious labels; 24 by default.</summary>
    public int RowsPerList = 24;

    /// <summary>How many of the rows with the largest losses are explained, by Grad-CAM or by token attributions; 12 by default, 0 for none.</summary>
    public int Explanations = 12;

    /// <summary>Bins of the reliability curve, all equally wide; 15 by default.</summary>
    public int CalibrationBins = 15;

    /// <summary>Whether to look for test rows that are nearly the same as a training row; true by default.</summary>
    public bool NearDuplicates = true;

    /// <summary>Whether to look for labels that the model contradicts with confidence; true by default.</summary>
    public bool SuspiciousLabels = true;

    /// <summary>How to measure sharpness; null for not at all. By default on 256 rows, with few steps of everything.</summary>
    public SharpnessOptions? Sharpness = new() { Rows = 256, M = null, AscentSteps = 10, AverageDraws = 10, Eigenvalues = 1, LanczosSteps = 20, TraceProbes = 10 };

    /// <summary>How to draw the loss landscape; null for not at all. By default on 256 rows, 11 points along each of two directions.</summary>
    public LossLandscapeOptions? Landscape = new() { Rows = 256, Points = 11 };

    /// <summary>The seed of what is drawn; 1 by default.</summary>
    public int Seed = 1;

    /// <summary>Told what is done next, as a short text.</summary>
    public IProgress<string>? Progress;

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>; no file is written then.</summary>
    public CancellationToken CancellationToken;

    /// <summary>What tells the time at which the report is written; the system's clock by default.</summary>
    public TimeProvider Time = TimeProvider.System;

    internal void Check()
    {
        AtLeast(1, MaxRows, nameof(MaxRows));
        AtLeast(0, RowsPerCell, nameof(RowsPerCell));
        AtLeast(0, RowsPerList, nameof(RowsPerList));
        AtLeast(0, Explanations, nameof(Explanations));
        AtLeast(1, CalibrationBins, nameof(CalibrationBins));
        ArgumentNullException.ThrowIfNull(Title);
        ArgumentNullException.ThrowIfNull(Epochs);
        ArgumentNullException.ThrowIfNull(Time);
    }

    static void AtLeast(int minimum, int value, string name)
    {
        if (value < minimum)
            throw new ArgumentOutOfRangeException(name, $"{name} must be {minimum} or more, but was {value}.");
    }
}
