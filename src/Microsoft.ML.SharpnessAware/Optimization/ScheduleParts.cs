namespace Microsoft.ML.SharpnessAware;

/// <summary>Schedules that follow another one.</summary>
internal static class ScheduleParts
{
    /// <summary>The factor of a schedule that begins after so many epochs and lasts for the rest of the run.</summary>
    /// <remarks>A rest that is not of whole epochs is rounded up, and run through that much faster, so that it comes to its end.</remarks>
    public static double FactorAfter(this Schedule then, double beginning, double epoch, int epochs)
    {
        var rest = epochs - beginning;
        if (rest <= 0)
            return then.FactorAt(0, 1);
        var whole = (int)Math.Ceiling(rest);
        return then.FactorAt((epoch - beginning) * whole / rest, whole);
    }
}
