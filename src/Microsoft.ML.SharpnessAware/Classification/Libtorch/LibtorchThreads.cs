namespace Microsoft.ML.SharpnessAware;

/// <summary>How many threads libtorch computes with: a number of the whole process, which an application may have set.</summary>
internal static class LibtorchThreads
{
    /// <summary>Sets so many until what is returned is disposed of; 0 leaves the number as it is.</summary>
    public static IDisposable Borrow(int threads) => new Borrowed(threads);

    sealed class Borrowed : IDisposable
    {
        readonly int _before = get_num_threads();

        public Borrowed(int threads)
        {
            if (threads > 0)
                set_num_threads(threads);
        }

        public void Dispose()
        {
            if (get_num_threads() != _before)
                set_num_threads(_before);
        }
    }
}
