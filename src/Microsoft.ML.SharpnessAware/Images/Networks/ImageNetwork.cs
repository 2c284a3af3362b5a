using System.Text;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A network that classifies images, as a value from which modules are built.</summary>
[RecordFamily]
public abstract record ImageNetwork : INamesFiles, ITrainableNetwork
{
    /// <summary>A file of trained weights to start from; null, the default, for fresh ones. A safetensors file, such as "resnet50.safetensors", with the parameter names of the module; or an ONNX file, such as "resnet50.onnx", of opset 8 to 21, whose graph is followed if its names differ.</summary>
    /// <remarks>Element types are converted. The last layer starts from fresh weights if the file has none, or one for another number of classes; all others must be in the file. Nothing is ever downloaded, a trained model does not need the file, and the file may be moved before a run is resumed from a checkpoint.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weights { get; init; }

    /// <summary>Whether to compare the network, after it has read <see cref="Weights"/> from an ONNX file, with what ONNX Runtime computes from the file for random images; false by default. The application has to reference the package Microsoft.ML.OnnxRuntime.</summary>
    /// <remarks>What comes to the last layer has to agree within 10⁻⁴ of the largest number; the log says how far it does, and if it does not, <see cref="Build(ImageShape, int)"/> throws. A file for one size of images is compared at that size only.</remarks>
    [JsonIgnore]
    public bool VerifyWeights { get; init; }

    /// <summary>How pixels are normalised; null, the default, for what the well-known weights of this network expect if it starts from <see cref="Weights"/>, and else for mean 0 and standard deviation 1 over the training images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Normalization? Normalization { get; init; }

    /// <summary>Height and width, in pixels, to which larger images are scaled if no <see cref="ImageShape"/> is given.</summary>
    public abstract int DefaultSize { get; }

    /// <summary>Whether all images are scaled to <see cref="DefaultSize"/> where no <see cref="ImageShape"/> is given, smaller ones too.</summary>
    internal virtual bool TakesOneSize => false;

    /// <summary>The smallest height and width, in pixels, that the network accepts.</summary>
    public virtual int MinimumSize => 1;

    /// <summary>A new module from float images [N, C, H, W] to logits [N, <paramref name="classes"/>]; weights that are not read from a file are drawn from libtorch's generator.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes.</exception>
    /// <exception cref="InvalidOperationException">The network is not made for images of this size, or its weights cannot be read, or libtorch is missing.</exception>
    public nn.Module<Tensor, Tensor> Build(ImageShape input, int classes) => Build(input, classes, _ => { });

    /// <summary>Does so, and says in a line what has come of the weights in the file, if there is one.</summary>
    internal nn.Module<Tensor, Tensor> Build(ImageShape input, int classes, Action<string> log)
    {
        Require.AtLeast(2, classes);
        CheckSize(input);
        LibtorchDoor.Open();
        var network = Float32Networks.Build(() => Create(input, classes));
        try
        {
            if (WeightsFile is { } file)
                log(InFile(file, input).ReadInto(network));
            else if (VerifyWeights)
                throw new InvalidOperationException("VerifyWeights is set, but the network starts from fresh weights. Set Weights to an ONNX file, or VerifyWeights to false.");
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The module that <see cref="Build(ImageShape, int)"/> returns, with fresh weights; the arguments have been checked.</summary>
    protected abstract nn.Module<Tensor, Tensor> Create(ImageShape input, int classes);

    /// <summary>The name of the layer that computes the logits in the module, such as "classifier.6" for the layer "6" of the layer "classifier"; "fc" by default.</summary>
    /// <remarks>With trained weights for other classes, this layer starts from fresh weights; <see cref="SamTrainerOptions.FreezeBackboneEpochs"/> trains it alone; and its input is the embedding. For the latter two the module has to call it exactly once.</remarks>
    protected virtual string LastLayer => "fc";

    internal string NameOfLastLayer => LastLayer;

    string ITrainableNetwork.NameOfLastLayer => LastLayer;

    bool ITrainableNetwork.StartsTrained => WeightsFile is not null;

    /// <summary>The file that the network starts from; null for fresh weights.</summary>
    private protected virtual string? WeightsFile => Weights;

    /// <summary>Weights of a network that lie in other files beside that one, by the network's names, in the caller's scope.</summary>
    /// <exception cref="FormatException">Such a file is missing or damaged.</exception>
    private protected virtual IReadOnlyDictionary<string, Tensor> WeightsBeside(string file, nn.Module network) => new Dictionary<string, Tensor>();

    /// <summary>What to do where there is no such file, as the beginning of a sentence; null: download it.</summary>
    private protected virtual string? MissingFile => null;

    /// <summary>What the module calls a tensor that files may call otherwise.</summary>
    private protected virtual string NameInModule(string nameInFile) => nameInFile;

    /// <summary>The images as the file of weights is given them, in the caller's scope.</summary>
    private protected virtual Tensor GivenToFile(nn.Module<Tensor, Tensor> network, Tensor images) => images;

    /// <summary>The normalisation that trained weights of this network expect for pixels from 0 to 1, used if <see cref="Weights"/> is set; null, the default, if it is not known: the training images are used then.</summary>
    protected virtual Normalization? TrainedOn => null;

    /// <summary>The network without the file that it starts from: what a trained model is built from.</summary>
    internal virtual ImageNetwork WithoutFiles => this with { Weights = null, VerifyWeights = false };

    /// <summary>The network has at least so many weights, whatever else there is; 0 where that is not known. Not a whole number: sizes in a damaged file may come to any.</summary>
    internal virtual double LeastWeights(ImageShape input) => 0;

    /// <summary>What the trained weights expect of pixels from 0 to 1; null where that is not known, and the data decide.</summary>
    internal Normalization? GivenNormalization(int channels) => WeightsFile is not null && TrainedOn?.Channels == channels ? TrainedOn : null;

    /// <summary>Checks the file of weights, if there is one, without reading them: for images of that shape, or where it is not known yet, for any.</summary>
    /// <returns>How many channels images have to have at least: those that the weights were trained on.</returns>
    /// <exception cref="InvalidOperationException">The file cannot be read, or is of another network.</exception>
    internal int CheckWeights(ImageShape? input, int classes)
    {
        if (WeightsFile is not { } file)
            return 1;
        if (input is not null)
            CheckSize(input);
        // What is wrong for all of these does not depend on the images.
        ImageShape[] inputs = input is not null ? [input] : [new(3, DefaultSize, DefaultSize), new(1, DefaultSize, DefaultSize), new(3, 2 * DefaultSize, 2 * DefaultSize)];
        var fitting = InFile(file, input).Check(inputs.Select(shape => Float32Networks.Build(() => Create(shape, classes))));
        return inputs[fitting].Channels;
    }

    /// <exception cref="InvalidOperationException">The network is not made for images of this shape.</exception>
    internal virtual void CheckSize(ImageShape input)
    {
        if (Normalization is not null && Normalization.Channels != input.Channels)
            throw new InvalidOperationException($"The network's {Normalization} is for {Normalization.Channels} channels, but the images have {input.Channels}. Give a mean and a deviation for each channel, or leave Normalization null.");
        if (Math.Min(input.Height, input.Width) < MinimumSize)
            throw new InvalidOperationException($"{this} needs images of at least {MinimumSize}×{MinimumSize} pixels, but these are {input.Width}×{input.Height}. Set ImageShape to have them scaled up, or choose a network for smaller images.");
    }

    /// <summary>Leaves out of <see cref="object.ToString"/> the sizes, because they follow from the rest, and the weights if there are none.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        if (Weights is not null)
            builder.Append(nameof(Weights)).Append(" = ").Append(Weights);
        if (Normalization is not null)
            builder.Append(Weights is null ? "" : ", ").Append(nameof(Normalization)).Append(" = ").Append(Normalization);
        return Weights is not null || Normalization is not null;
    }

    object INamesFiles.With(Func<string, string> contentOf) => WeightsFile is { } file ? this with { Weights = contentOf(file) } : this;

    PretrainedWeights InFile(string path, ImageShape? input) => new(path, LastLayer, NameInModule, network => WeightsBeside(path, network), MissingFile)
    {
        Verify = VerifyWeights ? (file, module, features) => module is nn.Module<Tensor, Tensor> network ? ImageVerification.Of(file, network, features, LastLayer, input!, images => GivenToFile(network, images)) : "" : null,
    };
}
