namespace Microsoft.ML.SharpnessAware;

/// <summary>Gathers rows to be scored together.</summary>
internal interface IRowIntake
{
    /// <summary>Adds the row as it stands.</summary>
    void Add();

    /// <summary>What has been added since the last time, made ready for the network.</summary>
    IScorableRows Take();
}
