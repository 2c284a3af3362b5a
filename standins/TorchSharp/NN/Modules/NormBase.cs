using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))] private Parameter? _weight;
    [ComponentName(Name = nameof(bias))] private Parameter? _bias;
    [ComponentName(Name = nameof(running_mean))] private Tensor? _running_mean;
    [ComponentName(Name = nameof(running_var))] private Tensor? _running_var;
    [ComponentName(Name = nameof(num_batches_tracked))] private Tensor? _num_batches_tracked;

    private protected NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name)
        : base(name)
    {
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(empty(num_features, dtype, device));
            bias = new Parameter(empty(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    private protected double eps { get; }
    private protected double? momentum { get; }
    private protected bool affine { get; }
    private protected bool track_running_stats { get; }

    public Parameter weight
    {
        get => _weight!;
        set => Replace(ref _weight, value, nameof(weight));
    }

    public Parameter? bias
    {
        get => _bias;
        set => Replace(ref _bias, value, nameof(bias));
    }

    public Tensor? running_mean
    {
        get => _running_mean;
        set => Replace(ref _running_mean, value, nameof(running_mean));
    }

    public Tensor? running_var
    {
        get => _running_var;
        set => Replace(ref _running_var, value, nameof(running_var));
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        internal set => Replace(ref _num_batches_tracked, value, nameof(num_batches_tracked));
    }

    private void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(_running_mean!);
        nn.init.ones_(_running_var!);
        nn.init.zeros_(_num_batches_tracked!);
    }

    private protected abstract void ValidateInputDimensions(Tensor input);

    protected override void Dispose(bool disposing)
    {
        _weight?.Dispose();
        _bias?.Dispose();
        _running_mean?.Dispose();
        _running_var?.Dispose();
        _num_batches_tracked?.Dispose();
        base.Dispose(disposing);
    }
}
