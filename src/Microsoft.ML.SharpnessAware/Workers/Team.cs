using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>This process among the workers of a run. What it offers costs nothing where there is one worker alone.</summary>
internal sealed class Team
{
    readonly Workers? _workers;

    Team(Workers? workers) => _workers = workers;

    /// <summary>One process that trains by itself.</summary>
    public static Team Alone { get; } = new(null);

    /// <summary>The number of this worker, from 0.</summary>
    public int Rank => _workers?.Rank ?? 0;

    public int Count => _workers?.Count ?? 1;

    public bool IsAlone => Count == 1;

    /// <summary>Whether this is the worker that logs, calls back and writes files.</summary>
    public bool Leads => Rank == 0;

    /// <summary>The team of those workers; null for one process.</summary>
    public static Team Of(Workers? workers) => workers is { Count: > 1 } ? new(workers) : Alone;

    /// <summary>What a worker is called: people count from 1.</summary>
    public string NameOf(int rank) => Invariant($"Worker {rank + 1} of {Count}");

    /// <summary>Does work in which the workers wait for each other. Where it fails on one of them alone, the processes of all end.</summary>
    public T Train<T>(Func<T> work)
    {
        if (_workers is null)
            return work();
        using var run = _workers.BeginRun();
        try
        {
            return work();
        }
        catch (Exception fault) when (!CommonFault.Is(fault))
        {
            _workers.Abort($"{fault.GetType().Name}: {fault.Message}");
            throw;
        }
    }

    /// <summary>Does work that may fail on some workers, such as reading files, and fails on all of them then.</summary>
    /// <exception cref="InvalidOperationException">It failed on another worker; the message is that worker's.</exception>
    public T Prepare<T>(Func<T> work)
    {
        if (_workers is null)
            return work();
        T? result = default;
        Exception? fault = null;
        try
        {
            result = work();
        }
        catch (Exception thrown)
        {
            fault = thrown;
        }
        if (FirstWith(fault is not null) is not { } first)
            return result!;
        (result as IDisposable)?.Dispose();
        var reason = TextOf(first, fault is OperationCanceledException ? "" : fault?.Message ?? "");
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        throw reason.Length == 0 ? new OperationCanceledException($"{NameOf(first)} was cancelled.") : new InvalidOperationException($"{NameOf(first)} cannot begin: {reason}");
    }

    /// <summary>Checks that all workers have the same.</summary>
    /// <exception cref="InvalidOperationException">One has not; the message says which, and what differs.</exception>
    public void CheckAlike(JsonObject own)
    {
        if (_workers is null)
            return;
        var differences = string.Join("; ", JsonDifferences.Of(JsonNode.Parse(TextOf(rank: 0, RecordJson.Write(own))), own));
        if (FirstWith(differences.Length > 0) is { } other)
            throw new InvalidOperationException($"{NameOf(other)} does not have what {NameOf(0)} has: {TextOf(other, differences)}. Give all workers the same program, options, rows and files.");
    }

    /// <summary>Whether it is so on any worker.</summary>
    public bool Any(bool here) => _workers is null ? here : FirstWith(here) is not null;

    /// <summary>The number of the first worker where it is so; null where it is so on none.</summary>
    public int? FirstWith(bool here)
    {
        var first = Array.FindIndex(OfAll(here ? 1 : 0), one => one > 0);
        return first < 0 ? null : first;
    }

    // The numbers that the workers give, by their ranks.
    double[] OfAll(double here)
    {
        var all = new double[Count];
        all[Rank] = here;
        Sum(all);
        return all;
    }

    /// <summary>The worker that answers for a thing of this number, where each is one worker's.</summary>
    public int OwnerOf(int number) => number % Count;

    /// <summary>Whether this worker does.</summary>
    public bool Owns(int number) => OwnerOf(number) == Rank;

    /// <summary>How many of so many things are this worker's.</summary>
    public int OwnCount(int things) => (things - Rank + Count - 1) / Count;

    /// <summary>The batches that this worker answers for, with their numbers.</summary>
    public (int Number, int[] Rows)[] OwnOf(int[][] batches) => [.. batches.Index().Where(batch => Owns(batch.Index))];

    /// <summary>Replaces the elements by their sums over all workers.</summary>
    public void Sum(Tensor values) => _workers?.Sum(values);

    /// <inheritdoc cref="Sum(Tensor)"/>
    public void Sum(double[] values) => _workers?.Sum(values);

    /// <summary>The number that the first worker gives.</summary>
    public long Lead(long number)
    {
        if (_workers is null)
            return number;
        var bytes = BitConverter.GetBytes(number);
        _workers.Broadcast(bytes, rank: 0);
        return BitConverter.ToInt64(bytes);
    }

    /// <summary>The text that a worker gives.</summary>
    public string TextOf(int rank, string text) => _workers is null ? text : Encoding.UTF8.GetString(BytesOf(rank, Encoding.UTF8.GetBytes(text)));

    /// <summary>What all workers give, by their ranks.</summary>
    public byte[][] BytesOfAll(byte[] own) => [.. Enumerable.Range(0, Count).Select(rank => BytesOf(rank, own))];

    /// <inheritdoc cref="Workers.Exchange"/>
    public byte[][] Exchange(byte[][] to) => _workers?.Exchange(to) ?? to;

    /// <summary>The largest of the numbers that the workers give.</summary>
    public int Most(int here) => (int)OfAll(here).Max();

    byte[] BytesOf(int rank, byte[] bytes)
    {
        if (_workers is null)
            return bytes;
        var length = BitConverter.GetBytes(bytes.Length);
        _workers.Broadcast(length, rank);
        if (Rank != rank)
            bytes = new byte[BitConverter.ToInt32(length)];
        _workers.Broadcast(bytes, rank);
        return bytes;
    }

    /// <summary>Makes a tensor that of a worker; as large and of the same type on all.</summary>
    public void Broadcast(Tensor values, int rank)
    {
        if (_workers is null)
            return;
        using var scope = NewDisposeScope();
        var isHere = values.device_type == DeviceType.CPU && values.is_contiguous();
        var copy = isHere ? values : values.cpu().contiguous();
        _workers.Broadcast(copy.bytes, rank);
        if (!isHere && Rank != rank)
            values.copy_(copy);
    }

    /// <summary>
    /// Makes a network the same on all workers: running statistics become the workers' means, and weights those of the first worker, from which others may differ
    /// by rounding where their processors or numbers of threads do.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="copies">Copies of what it holds, by name, to be made the same in its place.</param>
    public void MakeAlike(nn.Module network, IReadOnlyDictionary<string, Tensor>? copies = null)
    {
        if (_workers is null)
            return;
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var buffers = network.named_buffers().Select(buffer => buffer.name).ToHashSet();
        foreach (var (name, tensor) in copies ?? network.state_dict())
            if (buffers.Contains(name) && tensor.is_floating_point())
                TakeMean(tensor);
            else
                Broadcast(tensor, rank: 0);
    }

    void TakeMean(Tensor values)
    {
        Sum(values);
        values.div_(Count);
    }

    /// <summary>The tensors of all workers, on the CPU and in the caller's scope, told apart by their names.</summary>
    public Dictionary<string, Tensor> Gather(IReadOnlyDictionary<string, Tensor> own)
    {
        var all = new Dictionary<string, Tensor>();
        for (var rank = 0; rank < Count; rank++)
            foreach (var (name, tensor) in TensorsOf(rank, own))
                all[name] = tensor;
        return all;
    }

    /// <summary>The tensors of one worker, on the CPU and in the caller's scope; those given elsewhere do not matter.</summary>
    public Dictionary<string, Tensor> TensorsOf(int rank, IReadOnlyDictionary<string, Tensor> given)
    {
        if (_workers is null)
            return given.ToDictionary();
        var heads = RecordJson.Read<TensorHead[]>(TextOf(rank, RecordJson.Write(given.Select(tensor => new TensorHead(tensor.Key, tensor.Value.dtype, tensor.Value.shape)).ToArray())));
        var tensors = new Dictionary<string, Tensor>();
        foreach (var head in heads)
        {
            var tensor = Rank == rank ? given[head.Name].cpu().contiguous() : empty(head.Shape, dtype: head.Type);
            Broadcast(tensor, rank);
            tensors[head.Name] = tensor;
        }
        return tensors;
    }

    /// <summary>What is known of a tensor before its elements.</summary>
    internal sealed record TensorHead(string Name, ScalarType Type, long[] Shape);
}

/// <summary>Marks what goes wrong on all workers at once, so that each can say it by itself.</summary>
internal static class CommonFault
{
    const string Mark = "Microsoft.ML.SharpnessAware.CommonFault";

    public static T Of<T>(T fault)
        where T : Exception
    {
        fault.Data[Mark] = true;
        return fault;
    }

    public static bool Is(Exception fault) => fault.Data.Contains(Mark);
}

/// <summary>What a worker may wish for after a step, which all of them do then.</summary>
[Flags]
internal enum StepWishes
{
    None = 0,

    /// <summary>To end the run: it was cancelled.</summary>
    Stop = 1,

    /// <summary>A checkpoint.</summary>
    Save = 2,
}
