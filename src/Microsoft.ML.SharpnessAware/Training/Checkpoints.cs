using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A run's checkpoints: resumes from the last one, and says when it is time for the next. Of several workers the first has the folder.</summary>
internal sealed class Checkpoints : IDisposable
{
    readonly CheckpointSettings _settings;
    readonly CheckpointFolder? _folder;
    readonly Team _team;
    readonly Action<string> _log;
    readonly Checkpoint? _found;
    RunState? _state;
    long _lastTime;

    /// <summary>Takes the folder, and reads all but the tensors of the newest checkpoint in it.</summary>
    /// <exception cref="InvalidOperationException">The folder cannot be written to, or another run has it, or this version of the library cannot read the checkpoint.</exception>
    public Checkpoints(CheckpointSettings settings, Action<string> log, Action<string> warn, Team? team = null)
    {
        (_settings, _log, _team) = (settings, log, team ?? Team.Alone);
        if (!_team.Leads)
            return;
        _folder = CheckpointFolder.Open(settings.Folder, warn);
        try
        {
            _found = _folder.Newest();
            _state = _found is null ? null : Read(_found);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>The seed of the run that the checkpoint is of; null where there is none.</summary>
    public long? Seed => _state?.Seed;

    /// <summary>Whether it is time for a checkpoint within an epoch.</summary>
    public bool IsDue => _folder is not null && _settings.Time.GetElapsedTime(_lastTime) >= _settings.Every;

    /// <summary>Tells all workers of what the first one has found.</summary>
    public void Share()
    {
        if (!_team.IsAlone && _team.TextOf(rank: 0, _state is null ? "" : RecordJson.Write(_state)) is { Length: > 0 } state)
            _state = RecordJson.Read<RunState>(state);
    }

    /// <summary>Resumes the run from the checkpoint, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint is of another run; the message says what differs.</exception>
    public void Restore(TrainingRun run)
    {
        _lastTime = _settings.Time.GetTimestamp();
        if (_state is null)
        {
            _log($"There is no checkpoint in '{_settings.Folder}' that can be used: the run starts from the beginning.");
            return;
        }
        CheckSame(_state, run.State());
        using var scope = NewDisposeScope();
        try
        {
            run.Load(_state, _team.TensorsOf(rank: 0, _found?.Tensors() ?? []));
        }
        catch (Exception mismatch) when (mismatch is FormatException or KeyNotFoundException)
        {
            throw Unusable($"does not fit: {mismatch.Message.TrimEnd('.')}", mismatch);
        }
        _log(_state.Finished
            ? $"The run in '{_settings.Folder}' is finished: this is its model. To train again, choose another CheckpointFolder, or delete this one."
            : $"Resuming from the checkpoint '{_found?.Path}', {run.Place}.");
    }

    public void AfterStep(TrainingRun run)
    {
        if (_team.IsAlone ? IsDue : run.Wishes.HasFlag(StepWishes.Save))
        {
            run.MakeAlike();
            Save(run);
        }
    }

    public void AfterEpoch(TrainingRun run)
    {
        if (!run.IsOver && (run.Epoch - 1) % _settings.EveryEpochs == 0)
            Save(run);
    }

    /// <summary>After the last step, with the network that the run was for.</summary>
    public void Finish(TrainingRun run)
    {
        if (_state is not { Finished: true })
            Save(run);
    }

    /// <summary>When the run is cancelled, wherever it is.</summary>
    public void Break(TrainingRun run)
    {
        if (Save(run))
            _log($"Wrote a checkpoint {run.Place}, from which the run can resume.");
    }

    public void Dispose() => _folder?.Dispose();

    bool Save(TrainingRun run)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var tensors = run.Tensors();
        var saved = _folder?.Save(run.Batches, RecordJson.Write(run.State()), tensors) ?? false;
        _lastTime = _settings.Time.GetTimestamp();
        return saved;
    }

    void CheckSame(RunState was, RunState now)
    {
        var differences = JsonDifferences.Of(was.Identity, now.Identity);
        if (was.Seed != now.Seed)
            differences = differences.Prepend($"Seed was {was.Seed} and is {now.Seed}");
        if (differences.Any())
            throw Unusable($"is of another run: {string.Join("; ", differences)}");
    }

    InvalidOperationException Unusable(string reason, Exception? cause = null) => CommonFault.Of(new InvalidOperationException(
        $"The checkpoint '{_found?.Path ?? _settings.Folder}' {reason}. To resume, give it the data, network and options that it is of; to train again, choose another CheckpointFolder, or delete this one.", cause));

    static RunState Read(Checkpoint checkpoint)
    {
        try
        {
            return RecordJson.Read<RunState>(checkpoint.State);
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException($"The checkpoint '{checkpoint.Path}' cannot be read by the version {LibraryVersion.Text} of Microsoft.ML.SharpnessAware: {fault.Message.TrimEnd('.')}. Use the version that wrote it, or choose another CheckpointFolder.", fault);
        }
    }
}
