using System.Diagnostics;

namespace Microsoft.ML.Runtime;

internal sealed class Channel : IChannel
{
    private readonly LocalEnvironment _root;
    private readonly EnvironmentBase _parent;
    private readonly string _name;
    private readonly string _fullName;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _disposed;

    public Channel(LocalEnvironment root, EnvironmentBase parent, string name)
    {
        _root = root;
        _parent = parent;
        _name = name;
        _fullName = parent.FullName == null ? name : $"{parent.FullName}; {name}";
        Trace(MessageSensitivity.None, "Channel started");
    }

    public string ContextDescription => _fullName;

    public void Send(ChannelMessage msg) => _root.Dispatch(_fullName, msg);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex != null)
        {
            ex.Data["Throwing component"] = _parent.ShortName;
            ex.Data["Parent component"] = _parent.ParentFullName;
            ex.Data["Phase"] = _name;
            Contracts.Mark(ex);
        }
        return ex;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
        Trace(MessageSensitivity.None, "Channel disposed");
        _disposed = true;
    }
}
