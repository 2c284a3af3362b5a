using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>What a training step takes, over that of the peers and over a plain one.</summary>
sealed class StepFigures(Settings settings)
{
    /// <summary>The library over its peers: the contestants in turn, method after method.</summary>
    public IEnumerable<Figure> OverPeers(Workload workload)
    {
        var workers = Contestant.Peers.ToDictionary(peer => peer.Name, peer => Start(workload, peer, keepsNetworks: false));
        if (settings.Python is not null)
            workers[Contestant.PyTorch] = StartPyTorch(workload);
        using var all = new Workers(workers.Values);
        foreach (var method in Rules.Common)
            foreach (var figure in OverPeers(workload, method, InTurn(workers, [method], workload.StepsInTurn)[method]))
                yield return figure;
    }

    /// <summary>The library with other settings of its process, over the library as it is: SAM steps.</summary>
    public IEnumerable<Figure> Switched(Workload workload)
    {
        var switched = settings.Device == "cpu" ? Contestant.Switched : Contestant.OnGpu;
        var contestants = switched.Prepend(Contestant.Library).ToDictionary(one => one.Name, one => Start(workload, one, keepsNetworks: false));
        using var all = new Workers(contestants.Values);
        var times = InTurn(contestants, ["sam"], workload.StepsInTurn)["sam"];
        foreach (var one in switched)
            yield return Ratio($"sam: {one.Name} ÷ library", workload, times[one.Name], times[Contestant.Library.Name], one.Precision == Precision.BFloat16 ? 0.65 : null);
    }

    /// <summary>Each rule over plain training, all in one process, in turn.</summary>
    public IEnumerable<Figure> OverPlain(Workload workload)
    {
        using var worker = Start(workload, Contestant.Library, keepsNetworks: true);
        var name = Contestant.Library.Name;
        var times = InTurn(new() { [name] = worker }, Rules.All, Math.Max(Rules.Cycle, workload.StepsInTurn));
        var plain = times["plain"][name];
        foreach (var method in Rules.All.Skip(1))
            yield return Ratio($"{method} ÷ plain", workload, times[method][name], plain, AimOverPlain(workload, method));
    }

    IEnumerable<Figure> OverPeers(Workload workload, string method, Dictionary<string, double[]> times)
    {
        var isResNet20 = workload.Name == "resnet20-32";
        var ours = times[Contestant.Library.Name];
        yield return Ratio($"{method}: library ÷ loop", workload, ours, times[Contestant.Loop.Name], isResNet20 ? 0.40 : 0.70);
        yield return Ratio($"{method}: library ÷ loop, allocator set in both", workload, ours, times[Contestant.LoopThatKeepsMemory.Name], 0.90);
        yield return Ratio($"{method}: library ÷ loop, allocator as it comes in both", workload, times[Contestant.LibraryAlone.Name], times[Contestant.Loop.Name], aim: null);
        yield return Ratio($"{method}: library ÷ its passes alone", workload, ours, times[Contestant.PassesAlone.Name], aim: null);
        if (times.TryGetValue(Contestant.PyTorch, out var python))
            yield return Ratio($"{method}: library ÷ PyTorch", workload, ours, python, isResNet20 ? 0.45 : 0.80);
    }

    static double? AimOverPlain(Workload workload, string method) => method switch
    {
        "sam" => workload.StepsInTurn == 1 ? 2.03 : 2.10,
        "looksam" => 1.28,
        "everyk" => 1.25,
        "msam" => 1.03,
        _ => null,
    };

    // By method and contestant, the time of a step in each round: the mean over a turn, so that dear and cheap steps count as they come.
    Dictionary<string, Dictionary<string, double[]>> InTurn(Dictionary<string, Worker> workers, string[] methods, int stepsInTurn)
    {
        // Short steps are warm when .NET has compiled them a second time.
        var warmUp = stepsInTurn < 10 ? 2 : 200;
        foreach (var method in methods)
            foreach (var worker in workers.Values)
                worker.Ask($"{method} {warmUp}");
        var times = methods.ToDictionary(method => method, _ => workers.ToDictionary(worker => worker.Key, _ => new List<double>()));
        for (var round = 0; round < settings.Rounds; round++)
            foreach (var method in methods)
                foreach (var (name, worker) in workers)
                    times[method][name].Add(worker.Ask($"{method} {stepsInTurn}").Average());
        return times.ToDictionary(method => method.Key, method => method.Value.ToDictionary(contestant => contestant.Key, contestant => contestant.Value.ToArray()));
    }

    Worker Start(Workload workload, Contestant contestant, bool keepsNetworks)
    {
        var worker = Worker.ThatWaits(contestant.Waits, ["steps", contestant.Name, workload.Name, "--threads", $"{settings.Threads}", "--device", settings.Device, .. keepsNetworks ? ["--keep"] : Array.Empty<string>()]);
        worker.ReadLine();
        return worker;
    }

    Worker StartPyTorch(Workload workload)
    {
        var worker = Worker.Of(settings.Python!, PyTorchLoop.File(), workload.Name, $"{settings.Threads}", settings.Device);
        worker.ReadLine();
        return worker;
    }

    static Figure Ratio(string what, Workload workload, double[] ours, double[] theirs, double? aim) =>
        new(what, workload.Name, [.. ours.Zip(theirs, (a, b) => a / b)], aim, $"{Figure.Quantile(ours, 0.5):0.0} ÷ {Figure.Quantile(theirs, 0.5):0.0} ms");

    sealed class Workers(IEnumerable<Worker> all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var worker in all)
                worker.Dispose();
        }
    }
}
