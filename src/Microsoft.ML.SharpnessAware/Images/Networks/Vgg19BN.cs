namespace Microsoft.ML.SharpnessAware;

/// <summary>The VGG network of 19 layers with batch norm; 143,678,248 parameters for 1000 classes, or 20,040,522 for 10 with the classifier for small images. Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.</summary>
/// <param name="Classifier">How the network ends; as published by default.</param>
/// <param name="Dropout">Share of the hidden numbers of the classifier as published that is left out in training; 0.5 by default.</param>
public sealed record Vgg19BN(VggClassifier Classifier = VggClassifier.ImageNet, double Dropout = 0.5) : Vgg(Classifier, Dropout)
{
    private protected override int[] Convolutions => [2, 2, 4, 4, 4];
}
