using System.Diagnostics;
using Microsoft.ML.SharpnessAware;
using Speed.Steps;

namespace Speed.Together;

/// <summary>Steps that several processes take together, each with its part of the batch.</summary>
static class SharedSteps
{
    const int WarmUp = 2;

    /// <summary>Takes steps of SAM. The first worker writes a line: workers, the median time of a step, that spent in exchanges with others, both in ms, and the bytes that a worker gives into them in a step.</summary>
    public static void Take(Workload workload, int steps, bool microBatches, int threads)
    {
        set_num_threads(threads);
        var workers = new TimedWorkers(new MpiWorkers());
        using var inputs = workload.MakeInputs();
        using var labels = workload.MakeLabels(inputs.shape[0]);
        var rows = (int)inputs.shape[0];
        var options = new StepSettings { MicroBatch = microBatches ? Math.Max(1, rows / 4) : null };
        var shares = new BatchShares(Team.Of(workers), rows, options.MicroBatch);
        using var network = workload.OurNetwork();
        network.train();
        using var batch = new SharedBatch(inputs, labels, shares.Of(rows));
        using var step = new SamTrainStep(network, new Sam(), workload.UsesAdamW ? new AdamW() : new Sgd(), options, shares: shares);

        var (times, exchanges) = (new List<double>(), new List<double>());
        for (var taken = 0; taken < WarmUp + steps; taken++)
        {
            workers.Begin();
            var time = Stopwatches.Milliseconds(() => step.Run(batch, new StepMoment { Seed = taken }));
            if (taken < WarmUp)
                continue;
            times.Add(time);
            exchanges.Add(workers.Milliseconds);
        }
        if (workers.Rank == 0)
            Console.WriteLine($"{workers.Count} {Figure.Quantile(times, 0.5):0.00} {Figure.Quantile(exchanges, 0.5):0.00} {workers.Bytes}");
    }

    /// <summary>This worker's part of one batch, step after step.</summary>
    sealed class SharedBatch : IStepBatch
    {
        readonly Tensor _inputs;
        readonly Tensor _labels;

        public SharedBatch(Tensor inputs, Tensor labels, RowSpan here)
        {
            (Count, Here) = ((int)labels.shape[0], here);
            using var own = inputs.narrow(0, here.Start, here.Count);
            _inputs = own.dim() == 4 ? ChannelsLast.Of(own) : own.clone();
            _labels = labels.narrow(0, here.Start, here.Count).clone();
        }

        public int Count { get; }

        public RowSpan Here { get; }

        public Tensor Losses(nn.Module network, int start, int count) => nn.functional.cross_entropy(
            ((nn.Module<Tensor, Tensor>)network).call(_inputs.narrow(0, start - Here.Start, count)), _labels.narrow(0, start - Here.Start, count), reduction: nn.Reduction.None);

        // Step after step: the tensors go with the process.
        public void Dispose() { }
    }
}

/// <summary>Workers that know how long they have exchanged, and how much.</summary>
sealed class TimedWorkers(Workers workers) : Workers
{
    long _ticks;

    public override int Rank => workers.Rank;

    public override int Count => workers.Count;

    /// <summary>Since the last beginning.</summary>
    public double Milliseconds => _ticks * 1000.0 / Stopwatch.Frequency;

    /// <summary>Since the last beginning.</summary>
    public long Bytes { get; private set; }

    public void Begin() => (_ticks, Bytes) = (0, 0);

    public override void Sum(Span<float> values)
    {
        var start = Stopwatch.GetTimestamp();
        workers.Sum(values);
        Add(start, values.Length * sizeof(float));
    }

    public override void Sum(Span<double> values)
    {
        var start = Stopwatch.GetTimestamp();
        workers.Sum(values);
        Add(start, values.Length * sizeof(double));
    }

    public override void Broadcast(Span<byte> bytes, int rank)
    {
        var start = Stopwatch.GetTimestamp();
        workers.Broadcast(bytes, rank);
        Add(start, bytes.Length);
    }

    public override void Abort(string reason) => workers.Abort(reason);

    public override IDisposable BeginRun() => workers.BeginRun();

    void Add(long start, long bytes)
    {
        _ticks += Stopwatch.GetTimestamp() - start;
        Bytes += bytes;
    }
}
