namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>A test row and the training row that is most like it.</summary>
/// <param name="Test">The index of the test row.</param>
/// <param name="Train">The index of the training row.</param>
/// <param name="Likeness">How alike they are, up to 1.</param>
internal readonly record struct NearDuplicate(int Test, int Train, double Likeness);

/// <summary>Test rows that are nearly the same as training rows, so that a model may know their answers by heart.</summary>
internal static class NearDuplicates
{
    /// <summary>For each test row that has one, the training row that is most like it; the most alike first.</summary>
    public static IReadOnlyList<NearDuplicate> Between(IReadOnlyList<Fingerprint> test, IReadOnlyList<Fingerprint> train, CancellationToken cancellation)
    {
        var nearest = new NearDuplicate?[test.Count];
        Parallel.For(0, test.Count, new ParallelOptions { CancellationToken = cancellation }, i => nearest[i] = NearestOf(i));
        return [.. nearest.OfType<NearDuplicate>().OrderByDescending(pair => pair.Likeness).ThenBy(pair => pair.Test)];

        NearDuplicate? NearestOf(int i)
        {
            NearDuplicate? best = null;
            for (var j = 0; j < train.Count; j++)
                if (test[i].LikenessTo(train[j]) is > 0 and var likeness && likeness > (best?.Likeness ?? 0))
                    best = new NearDuplicate(i, j, likeness);
            return best;
        }
    }
}
