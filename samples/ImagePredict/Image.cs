namespace ImagePredict;

/// <summary>An image to classify.</summary>
sealed class Image
{
    public string ImagePath { get; set; } = "";

    /// <summary>Stays empty. The model asks for the column, as the pipeline that was saved begins by numbering the labels.</summary>
    public string Label { get; set; } = "";
}
