namespace Microsoft.ML.Data;

/// <summary>An interval of numbers, or all numbers outside of it; NaN is in neither.</summary>
internal readonly record struct ValueRange(double Min, double Max, bool IncludeMax = false, bool Complement = false)
{
    public bool Contains(double value)
    {
        if (double.IsNaN(value))
            return false;
        var isInside = Min <= value && (value < Max || (IncludeMax && value == Max));
        return isInside != Complement;
    }
}
