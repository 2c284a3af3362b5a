namespace TorchSharp.Modules;

public partial class AdamW
{
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            eps = other.eps;
            weight_decay = other.weight_decay;
            amsgrad = other.amsgrad;
            maximize = other.maximize;
        }

        internal void Complete(Options defaults)
        {
            LearningRate ??= defaults.LearningRate;
            beta1 ??= defaults.beta1;
            beta2 ??= defaults.beta2;
            eps ??= defaults.eps;
            weight_decay ??= defaults.weight_decay;
            amsgrad ??= defaults.amsgrad;
            maximize ??= defaults.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, torch.optim.IBetas
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }

    public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
    {
        public long step;
        public torch.Tensor? exp_avg;
        public torch.Tensor? exp_avg_sq;
        public torch.Tensor? max_exp_avg_sq;

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
        }

        public override void to(torch.Device device)
        {
            exp_avg = exp_avg?.to(device);
            exp_avg_sq = exp_avg_sq?.to(device);
            max_exp_avg_sq = max_exp_avg_sq?.to(device);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            Dispose();
            var other = (State)source;
            step = other.step;
            exp_avg = other.exp_avg?.to(_parameter.device, copy: true);
            exp_avg_sq = other.exp_avg_sq?.to(_parameter.device, copy: true);
            max_exp_avg_sq = other.max_exp_avg_sq?.to(_parameter.device, copy: true);
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = torch.zeros_like(_parameter).DetachFromDisposeScope();
            exp_avg_sq = torch.zeros_like(_parameter).DetachFromDisposeScope();
            max_exp_avg_sq = ((Options)options).amsgrad!.Value ? torch.zeros_like(_parameter).DetachFromDisposeScope() : null;
        }

        internal torch.Tensor RaiseMaximum()
        {
            var before = max_exp_avg_sq!;
            max_exp_avg_sq = before.maximum(exp_avg_sq!).DetachFromDisposeScope();
            before.Dispose();
            return max_exp_avg_sq;
        }
    }
}
