namespace Microsoft.ML.Internal.Utilities;

internal static partial class Utils
{
    public static int[] GetRandomPermutation(Random rand, int size)
    {
        var order = Enumerable.Range(0, size).ToArray();
        for (var i = 0; i < size; i++)
        {
            var other = i + rand.Next(size - i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
