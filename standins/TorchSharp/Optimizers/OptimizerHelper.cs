using TorchSharp.Utils;

namespace TorchSharp.Modules;

public abstract class OptimizerHelper : torch.optim.Optimizer
{
    protected OptimizerOptions? _defaults;
    protected OrderedDict<nint, OptimizerState> _state = new();

    public OptimizerHelper() { }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var grad = parameter.grad;
            using var zero = grad?.zero_();
        }
    }

    public void to(torch.Device device)
    {
        foreach (var parameter in parameters()) _state[parameter.Handle].to(device);
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        var index = 0;
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options!);
            var references = new List<int>();
            dictionary.StateIndexRef.Add(references);
            foreach (var parameter in group.Parameters)
            {
                references.Add(index++);
                dictionary.State.Add(_state[parameter.Handle]);
            }
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (state_dict.State.Count != own.State.Count)
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
        foreach (var (mine, theirs) in own.Options.Zip(state_dict.Options))
        {
            if (mine != theirs) mine.LoadStateDict(theirs);
        }
        foreach (var (mine, theirs) in own.State.Zip(state_dict.State))
        {
            if (mine != theirs) mine.LoadStateDict(theirs);
        }
    }

    protected torch.Tensor? _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null) where T : ParamGroup
    {
        torch.Tensor? loss = null;
        if (loss_closure is not null)
        {
            using (torch.enable_grad()) loss = loss_closure();
        }
        using (torch.no_grad())
        using (torch.NewDisposeScope())
        {
            foreach (var group in _parameter_groups) body((T)group);
        }
        return loss;
    }

    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> stateOf)
    {
        group.Options!.InitialLearningRate = group.LearningRate;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = stateOf(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(group.Options);
        }
    }
}
