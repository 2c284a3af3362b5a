namespace Speed.Steps;

/// <summary>A network that takes steps by one method on one batch.</summary>
interface IStepper : IDisposable
{
    /// <summary>One step; its loss has been read when it returns.</summary>
    void Step();
}
