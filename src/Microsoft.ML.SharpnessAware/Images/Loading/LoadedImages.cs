namespace Microsoft.ML.SharpnessAware;

/// <summary>All usable images of a data view, decoded and cached, with their labels.</summary>
/// <param name="Shape">The shape of every image.</param>
/// <param name="Element">What a pixel is stored as: uint8 or float32.</param>
/// <param name="Pixels">The images, by slot.</param>
/// <param name="Labels">Class numbers from 0, by slot.</param>
/// <param name="ExampleWeights">How much each counts, by slot.</param>
/// <param name="Slots">The slots that hold an image, in the order of the rows.</param>
/// <param name="Skipped">The rows with unusable images, in their order.</param>
/// <param name="MissingLabels">How many rows were left out because their label is missing.</param>
internal sealed record LoadedImages(ImageShape Shape, ScalarType Element, PixelCache Pixels, long[] Labels, float[] ExampleWeights, int[] Slots, IReadOnlyList<SkippedRow> Skipped, int MissingLabels);
