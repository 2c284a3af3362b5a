namespace MlnetSam;

/// <summary>The part of a model that this library trained.</summary>
static class TrainedPart
{
    /// <exception cref="InvalidDataException">No part of it is one.</exception>
    public static IMeasurable Of(ITransformer model) => PartsOf(model).OfType<IMeasurable>().LastOrDefault()
        ?? throw new InvalidDataException($"The model was not trained by SamImage or SamText. It consists of {string.Join(", ", PartsOf(model).Select(part => part.GetType().Name))}.");

    /// <summary>All parts, in their order.</summary>
    public static IEnumerable<ITransformer> PartsOf(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(PartsOf) : [model];
}
