using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Fields of a line: from <see cref="Min"/> to <see cref="Max"/>, both included, or to the end of the line.</summary>
    public sealed class Range
    {
        public int Min;

        public int? Max;

        public bool AutoEnd;

        public bool VariableEnd;

        public bool AllOther;

        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), "Must be non-negative");
            Contracts.CheckParam(!(max < min), nameof(max), "If specified, must be greater than or equal to " + nameof(min));
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max == null;
        }
    }
}
