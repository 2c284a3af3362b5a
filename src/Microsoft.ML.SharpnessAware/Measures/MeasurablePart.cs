using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The part of a model that can be measured.</summary>
internal static class MeasurablePart
{
    /// <summary>The model itself or the last of its parts that can be measured, and the data as they come to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No part can be.</exception>
    public static (IMeasurable Model, IDataView Input) Find(IExceptionContext context, ITransformer model, IDataView data)
    {
        var parts = PartsOf(model).ToArray();
        var last = Array.FindLastIndex(parts, part => part is IMeasurable);
        if (last < 0)
            throw context.ExceptUserArg(nameof(model), $"Only models of SamImage and SamText, and pipelines with one, can be measured. This one consists of {string.Join(", ", parts.Select(part => part.GetType().Name))}.");
        return ((IMeasurable)parts[last], parts[..last].Aggregate(data, (view, part) => part.Transform(view)));
    }

    static IEnumerable<ITransformer> PartsOf(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(PartsOf) : [model];
}
