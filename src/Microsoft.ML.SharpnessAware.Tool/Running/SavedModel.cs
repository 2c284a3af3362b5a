using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using TorchSharp;

namespace MlnetSam;

/// <summary>A model file of SamImage or SamText, whoever wrote it.</summary>
sealed class SavedModel : IDisposable
{
    readonly MLContext _context;
    readonly DataViewSchema _input;

    SavedModel(MLContext context, ITransformer model, DataViewSchema input) => (_context, Model, _input, Classifier) = (context, model, input, TrainedPart.Of(model).Classifier);

    public ITransformer Model { get; }

    /// <summary>The part of it that classifies.</summary>
    public Classifier Classifier { get; }

    /// <summary>What it reads, if these are texts; null if they are images.</summary>
    public TextColumns? Texts => (Classifier as TextClassifier)?.Model.Columns;

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no model of this library.</exception>
    public static SavedModel Load(MLContext context, string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no model '{file}'.");
        try
        {
            return new SavedModel(context, context.Model.Load(file, out var input), input);
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException)
        {
            throw new InvalidDataException($"'{file}' cannot be loaded as a model: {fault.GetBaseException().Message}");
        }
    }

    /// <summary>The scores of each row, by the classes in the order of the model's.</summary>
    public IEnumerable<float[]> Scores(IDataView rows) => Model.Transform(rows).GetColumn<float[]>(Classifier.Columns.Score);

    /// <summary>Images as the model reads them.</summary>
    /// <exception cref="InvalidDataException">The model does not read image files.</exception>
    public IDataView Rows(ImageFile[] images)
    {
        if (Classifier is not ImageClassifier { Model: var model })
            throw new InvalidDataException("The model reads texts, not images.");
        if (model.Pixels != torch.ScalarType.Byte)
            throw new InvalidDataException("The model reads images as vectors of numbers, which come from a program of its own. Use it in that program.");
        var rows = Named(_context.Data.LoadFromEnumerable(images), nameof(ImageFile.Label), Classifier.Columns.Label);
        if (TrainedPart.PartsOf(Model).OfType<ImageLoadingTransformer>().Any())
            return Named(rows, nameof(ImageFile.ImagePath), PathColumn);
        return _context.Transforms.LoadRawImageBytes(model.Columns.Feature, imageFolder: null, nameof(ImageFile.ImagePath)).Fit(rows).Transform(rows);
    }

    /// <summary>Texts as the model reads them.</summary>
    /// <exception cref="InvalidDataException">The model does not read so many texts in a row.</exception>
    public IDataView Rows(IEnumerable<string> texts)
    {
        var columns = Texts ?? throw new InvalidDataException("The model reads images, not texts.");
        var inRow = columns.Sentence2 is null ? 1 : 2;
        var rows = texts.Chunk(inRow).Select(row => row.Length == inRow ? new TextRow("", row[0], row[^1]) : throw new InvalidDataException("The model reads pairs of texts: give an even number of them.")).ToArray();
        var named = Named(Named(_context.Data.LoadFromEnumerable(rows), nameof(TextRow.Label), columns.Label), nameof(TextRow.Text), columns.Sentence1);
        return columns.Sentence2 is null ? named : Named(named, nameof(TextRow.Text2), columns.Sentence2);
    }

    /// <summary>The rows of a file as the model reads them.</summary>
    /// <param name="format">How the file is laid out.</param>
    /// <param name="file">The file.</param>
    /// <param name="columns">The model's columns, with their numbers in the file.</param>
    public IDataView Rows(TextFileFormat format, string file, IEnumerable<(string Name, int Index)> columns) =>
        _context.Data.CreateTextLoader(format.LoaderOf(columns)).Load(file);

    public void Dispose() => (Model as IDisposable)?.Dispose();

    // The model reads the files itself: of the texts that it was trained on, the paths are what is no label.
    string PathColumn => _input.Where(column => column.Type is TextDataViewType && column.Name != Classifier.Columns.Label).ToArray() is [var path]
        ? path.Name
        : throw new InvalidDataException("The model reads image files from a column that cannot be told from others. Use it in the program that it is from.");

    IDataView Named(IDataView rows, string from, string to) => from == to ? rows : _context.Transforms.CopyColumns(to, from).Fit(rows).Transform(rows);

    /// <summary>A text or a pair of texts; the label is for models that begin by numbering it.</summary>
    sealed record TextRow(string Label, string Text, string Text2);
}
