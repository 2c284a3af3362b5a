namespace TorchSharp;

public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? ofThread;

    internal static DisposeScopeManager ThreadSingleton => ofThread ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        var statistics = StatisticsInstance;
        if (CurrentDisposeScope is null)
        {
            statistics.CreatedOutsideScopeCount++;
            return null;
        }
        statistics.CreatedInScopeCount++;
        CurrentDisposeScope.Add(tensor);
        return CurrentDisposeScope;
    }

    internal void Disposing(torch.Tensor tensor)
    {
        var statistics = StatisticsInstance;
        if (tensor.OwningDisposeScope is null) statistics.DisposedOutsideScopeCount++;
        else statistics.DisposedInScopeCount++;
    }

    internal void RemoveDisposeScope(DisposeScope scope)
    {
        if (ReferenceEquals(CurrentDisposeScope, scope))
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var inner = CurrentDisposeScope; inner is not null; inner = inner.OuterScope)
        {
            if (!ReferenceEquals(inner.OuterScope, scope)) continue;
            inner.OuterScope = scope.OuterScope;
            return;
        }
    }
}
