namespace Microsoft.ML.SharpnessAware;

/// <summary>The VGG network of 16 layers with batch norm; 138,365,992 parameters for 1000 classes, or 14,728,266 for 10 with the classifier for small images. Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.</summary>
/// <param name="Classifier">How the network ends; as published by default.</param>
/// <param name="Dropout">Share of the hidden numbers of the classifier as published that is left out in training; 0.5 by default.</param>
public sealed record Vgg16BN(VggClassifier Classifier = VggClassifier.ImageNet, double Dropout = 0.5) : Vgg(Classifier, Dropout)
{
    private protected override int[] Convolutions => [2, 2, 3, 3, 3];
}
