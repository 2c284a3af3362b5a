namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// ML.NET's own ResNet-18 with weights trained on ImageNet, from the package Microsoft.ML.DnnImageFeaturizer.ResNet18, which copies its ONNX files beside the
/// application: the network of ML.NET's DnnFeaturizeImage, with a new last layer. All layers can be trained.
/// </summary>
/// <remarks>
/// It is not torchvision's: stages of 2, 2, 2 and 3 blocks, blue before red, and a mean image that is subtracted. It is made for 224×224 pixels, to which images are scaled if no <see cref="ImageShape"/> is given, and accepts multiples of 32.
/// <see cref="ImageNetwork.Weights"/> may name ResNet18.onnx in another folder, with ResNetPrepOnnx/ResNetPreprocess.onnx beside that folder.
/// </remarks>
public sealed record DnnImageFeaturizerResNet18() : ResNet(ResNetStem.ImageNet)
{
    const string MeanImage = "MeanImage";
    const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    bool _isWithoutFiles;

    internal override ImageNetwork WithoutFiles => this with { Weights = null, VerifyWeights = false, _isWithoutFiles = true };

    private protected override string? WeightsFile => _isWithoutFiles ? null : Weights ?? Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");

    private protected override string? MissingFile => $"Add the package {Package} to the application's project, which copies it there";

    private protected override int[] Blocks => [2, 2, 2, 3];

    internal override bool TakesOneSize => true;

    // Its own first layer does the rest.
    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Normalization.None(channels: 3);

    private protected override (string, nn.Module<Tensor, Tensor>)[] InputLayers(ImageShape input) => [("input", new MeanImageLayer(input))];

    // Its other file does what the first layer does.
    private protected override Tensor GivenToFile(nn.Module<Tensor, Tensor> network, Tensor images) => network.named_children().Select(child => child.module).OfType<MeanImageLayer>().Single().call(images);

    private protected override IReadOnlyDictionary<string, Tensor> WeightsBeside(string file, nn.Module network)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "ResNetPrepOnnx", "ResNetPreprocess.onnx"));
        if (!File.Exists(path))
            throw new FormatException($"'{path}' with the mean image is missing: add the package {Package} to the application's project");
        var size = network.state_dict()[MeanImageLayer.Name].shape[^2..];
        return new Dictionary<string, Tensor> { [MeanImageLayer.Name] = nn.functional.interpolate(OnnxWeightsFile.Read(path)[MeanImage], size, mode: InterpolationMode.Bilinear, align_corners: false).squeeze(0) };
    }

    // With the mean image.
    internal override double LeastWeights(ImageShape input) => base.LeastWeights(input) + (double)input.Channels * input.Height * input.Width;

    internal override void CheckSize(ImageShape input)
    {
        base.CheckSize(input);
        if (input.Channels != 3)
            throw new InvalidOperationException($"{this} needs images of 3 channels, but these have {input.Channels}. Leave ImageShape null, or give it 3 channels.");
        if (input.Height % 32 != 0 || input.Width % 32 != 0)
            throw new InvalidOperationException($"{this} needs images whose height and width are multiples of 32, but these are {input.Width}×{input.Height}. Set ImageShape to new ImageShape(3, 224, 224), for example.");
    }
}

/// <summary>Pixels from 0 to 1, red before blue, as a network of CNTK's expects them: from 0 to 255, blue before red, less the mean image.</summary>
internal sealed class MeanImageLayer : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    /// <summary>What a network calls the mean image whose first layer is called "input".</summary>
    public const string Name = $"input.{Buffer}";

    const string Buffer = "mean";

    public MeanImageLayer(ImageShape input) : base(nameof(MeanImageLayer)) => register_buffer(Buffer, zeros(input.Channels, input.Height, input.Width));

    // What .to() moves is the buffer, not a field.
    Tensor Mean => get_buffer(Buffer)!;

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return (images.flip(1) * byte.MaxValue - Mean).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string images)
    {
        var channels = Enumerable.Range(0, (int)Mean.shape[0]).Reverse().Select(channel => (long)channel).ToArray();
        var flipped = graph.Node("Gather", [images, graph.Constant(channels)], ("axis", 1));
        return graph.Sub(graph.Mul(flipped, graph.Constant((double)byte.MaxValue)), graph.Weights(Buffer, Mean));
    }
}
