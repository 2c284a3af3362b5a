namespace MlnetSam;

/// <summary>What is to be classified, and how: what differs between images and texts.</summary>
abstract class ClassificationTask
{
    /// <summary>What rows are called in messages.</summary>
    public abstract string Rows { get; }

    /// <summary>What the data are read from.</summary>
    public required string Dataset { get; init; }

    /// <summary>The data that were given to test on; null where some of the others are held out.</summary>
    public string? TestDataset { get; init; }

    /// <summary>The name of the label column.</summary>
    public abstract string Label { get; }

    /// <summary>Reads the rows, whose large parts stay in their files until they are asked for.</summary>
    /// <param name="context">ML.NET's context.</param>
    /// <param name="seed">Draws the rows to test on where none are given.</param>
    /// <param name="warn">Told what is odd about the data.</param>
    /// <exception cref="IOException">Data are missing.</exception>
    /// <exception cref="InvalidDataException">Data are not such as can be learned from.</exception>
    public abstract DataSplit Load(MLContext context, int seed, Action<string> warn);

    /// <summary>The trainer's options, but for what the command line says of the run.</summary>
    public abstract SamTrainerOptions NewOptions(DataSplit data, Device device);

    /// <summary>From the columns of the data to a label as text.</summary>
    public abstract IEstimator<ITransformer> Pipeline(MLContext context, SamTrainerOptions options);

    /// <summary>The columns that the model reads, as a schema to save with it.</summary>
    public abstract DataViewSchema InputSchema(DataSplit data);
}
