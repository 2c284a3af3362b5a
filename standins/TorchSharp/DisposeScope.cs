namespace TorchSharp;

public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? manager;
    private HashSet<IDisposable> disposables = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager)
    {
        this.manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    internal DisposeScope? OuterScope { get; set; }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            Alive();
            return disposables.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            Alive();
            return disposables.Count;
        }
    }

    public bool Contains(IDisposable disposable) => disposables.Contains(disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(scope, disposable);
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        Alive();
        foreach (var disposable in disposables) Move(scope, disposable);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Move(null, disposable);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, (IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    public void Attach(IDisposable disposable) => Attach([disposable]);

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        Alive();
        var attached = new List<IDisposable>();
        foreach (var disposable in disposables)
        {
            Take(this, disposable);
            attached.Add(disposable);
        }
        return attached;
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        Alive();
        var all = disposables;
        disposables = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in all)
        {
            if (!disposables.Contains(disposable)) disposable.Dispose();
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { keep });
        return keep;
    }

    public void Dispose()
    {
        if (manager is null) return;
        DisposeEverything();
        manager.RemoveDisposeScope(this);
        manager = null;
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        Alive();
        disposables.Remove(disposable);
        Tracked(disposable).OwningDisposeScope = null;
    }

    internal void Add(torch.Tensor tensor) => disposables.Add(tensor);

    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        if (original.OwningDisposeScope is not { } scope || !scope.disposables.Remove(original)) return;
        original.OwningDisposeScope = null;
        Take(scope, replacement);
    }

    private DisposeScopeManager Alive() => manager ?? throw new ObjectDisposedException(GetType().FullName);

    private void Move(DisposeScope? scope, IDisposable disposable)
    {
        var statistics = Alive().StatisticsInstance;
        if (!disposables.Remove(disposable)) return;
        if (scope is not null)
        {
            Take(scope, disposable);
            return;
        }
        statistics.DetachedFromScopeCount++;
        Tracked(disposable).OwningDisposeScope = null;
    }

    private static void Take(DisposeScope scope, IDisposable disposable)
    {
        var tensor = Tracked(disposable);
        var before = tensor.OwningDisposeScope;
        if (before == scope) return;
        scope.disposables.Add(tensor);
        before?.disposables.Remove(tensor);
        tensor.OwningDisposeScope = scope;
    }

    private static torch.Tensor Tracked(IDisposable disposable) =>
        disposable as torch.Tensor ?? throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence");
}
