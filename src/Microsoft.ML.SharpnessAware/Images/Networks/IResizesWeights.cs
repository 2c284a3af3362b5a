namespace Microsoft.ML.SharpnessAware;

/// <summary>A module some of whose weights are for one size of images, and can be brought to it from another.</summary>
internal interface IResizesWeights
{
    /// <summary>What brings a tensor of a file to the module's size; null where it has to be as it is.</summary>
    Func<Tensor, Tensor>? Resizing(TensorEntry inFile);
}
