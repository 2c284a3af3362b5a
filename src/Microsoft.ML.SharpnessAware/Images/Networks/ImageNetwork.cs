using System.Text;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A kind of network that classifies images; a value, from which modules are built.</summary>
[RecordFamily]
public abstract record ImageNetwork : INamesFiles, ITrainableNetwork
{
    /// <summary>A safetensors file of trained weights to start from, such as "resnet50.safetensors", with the names that the module's own have; null, the default, for fresh ones.</summary>
    /// <remarks>Element types are converted. The last layer starts fresh where the file has none, or one for another number of classes; all others must be there. Nothing is ever downloaded, a trained model does not need the file, and a run that resumes from a checkpoint may have it in another place.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weights { get; init; }

    /// <summary>What the pixels are brought to; null, the default, for what the well-known weights of this network expect where it starts from <see cref="Weights"/>, and else for mean 0 and standard deviation 1 over the training images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Normalization? Normalization { get; init; }

    /// <summary>Height and width, in pixels, to which larger images are scaled where no <see cref="ImageShape"/> is given.</summary>
    public abstract int DefaultSize { get; }

    /// <summary>The least height and width, in pixels, that the network can tell anything from.</summary>
    public virtual int MinimumSize => 1;

    /// <summary>A new module from float images [N, C, H, W] to logits [N, <paramref name="classes"/>]; weights that are not read from a file come from libtorch's generator.</summary>
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
            if (Weights is not null)
                log(InFile(Weights).ReadInto(network));
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The module that <see cref="Build(ImageShape, int)"/> returns, with fresh weights; what it is given has been checked.</summary>
    protected abstract nn.Module<Tensor, Tensor> Create(ImageShape input, int classes);

    /// <summary>What the module calls the layer that puts out the logits, such as "classifier.6" for the layer "6" of the layer "classifier"; "fc" by default.</summary>
    /// <remarks>Trained weights for other classes start fresh there, <see cref="SamTrainerOptions.FreezeBackboneEpochs"/> leaves it alone to be trained, and what comes to it is the embedding. For the latter two the module has to call it once.</remarks>
    protected virtual string LastLayer => "fc";

    internal string NameOfLastLayer => LastLayer;

    string ITrainableNetwork.NameOfLastLayer => LastLayer;

    bool ITrainableNetwork.StartsTrained => Weights is not null;

    /// <summary>What the module calls a tensor that files may call otherwise.</summary>
    private protected virtual string NameInModule(string nameInFile) => nameInFile;

    /// <summary>What well-known trained weights expect of pixels from 0 to 1; null where there are none.</summary>
    private protected virtual Normalization? TrainedOn => null;

    /// <summary>The network without the file that it starts from: what a trained model is built from.</summary>
    internal ImageNetwork WithoutFiles => this with { Weights = null };

    /// <summary>What the trained weights expect of pixels from 0 to 1; null where that is not known, and the data decide.</summary>
    internal Normalization? GivenNormalization(int channels) => Weights is not null && TrainedOn?.Channels == channels ? TrainedOn : null;

    /// <summary>Checks the file of weights, if there is one, without reading them: for images of that shape, or where it is not known yet, for any.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, or is of another network.</exception>
    internal void CheckWeights(ImageShape? input, int classes)
    {
        if (Weights is null)
            return;
        if (input is not null)
            CheckSize(input);
        // What is wrong for all of these does not depend on the images.
        ImageShape[] inputs = input is not null ? [input] : [new(3, DefaultSize, DefaultSize), new(1, DefaultSize, DefaultSize), new(3, 2 * DefaultSize, 2 * DefaultSize)];
        InFile(Weights).Check(inputs.Select(shape => Float32Networks.Build(() => Create(shape, classes))));
    }

    /// <exception cref="InvalidOperationException">The network is not made for images of this shape.</exception>
    internal virtual void CheckSize(ImageShape input)
    {
        if (Normalization is not null && Normalization.Channels != input.Channels)
            throw new InvalidOperationException($"The network's {Normalization} is for {Normalization.Channels} channels, but the images have {input.Channels}. Give a mean and a deviation for each channel, or leave Normalization null.");
        if (Math.Min(input.Height, input.Width) < MinimumSize)
            throw new InvalidOperationException($"{this} needs images of at least {MinimumSize}×{MinimumSize} pixels, but these are {input.Width}×{input.Height}. Set ImageShape to have them scaled up, or choose a network for smaller images.");
    }

    /// <summary>Leaves the sizes out of <see cref="object.ToString"/>, for they follow from the rest; and the weights where there are none.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        if (Weights is not null)
            builder.Append(nameof(Weights)).Append(" = ").Append(Weights);
        if (Normalization is not null)
            builder.Append(Weights is null ? "" : ", ").Append(nameof(Normalization)).Append(" = ").Append(Normalization);
        return Weights is not null || Normalization is not null;
    }

    object INamesFiles.With(Func<string, string> contentOf) => Weights is null ? this : this with { Weights = contentOf(Weights) };

    PretrainedWeights InFile(string path) => new(path, LastLayer, NameInModule);
}
