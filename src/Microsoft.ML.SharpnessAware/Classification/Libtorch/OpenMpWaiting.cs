using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How the threads of GNU OpenMP, which libtorch computes with on Linux, wait for each other between two pieces of work.</summary>
/// <remarks>
/// By default they spin for some milliseconds before they sleep. Where other work wants the cores, each spinning thread holds up the one it waits for. A short
/// spin costs little on a quiet machine: see docs/performance.md. The library reads its variables when it is loaded, and never again, so that this comes
/// before; where an application has set one of them, or has loaded the library already, everything stays as it is.
/// </remarks>
internal static class OpenMpWaiting
{
    /// <summary>The AppContext switch of an application that does not want it touched.</summary>
    public const string Switch = "Microsoft.ML.SharpnessAware.LeaveThreadWaitingAlone";

    /// <summary>The variables, by name, and their values.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string> { ["OMP_WAIT_POLICY"] = "passive", ["GOMP_SPINCOUNT"] = "20000" };

    /// <summary>Loads something that brings GNU OpenMP, which then has its threads spin for a short time.</summary>
    public static void Shorten(Action load)
    {
        var leaveAlone = AppContext.TryGetSwitch(Switch, out var isOn) && isOn;
        if (!OperatingSystem.IsLinux() || !IsWanted(leaveAlone, Environment.GetEnvironmentVariable))
        {
            load();
            return;
        }
        // Of the process itself: .NET's own variables are a copy. Gone when the library has read them, so that no program that is started later inherits them.
        var isSet = Variables.All(variable => NativeEnvironment.Set(variable.Key, variable.Value));
        try
        {
            load();
        }
        finally
        {
            if (isSet)
                foreach (var name in Variables.Keys)
                    NativeEnvironment.Unset(name);
        }
    }

    /// <summary>Whether the application leaves it to us.</summary>
    internal static bool IsWanted(bool leaveAlone, Func<string, string?> environment) => !leaveAlone && Variables.Keys.All(name => environment(name) is null);

    static class NativeEnvironment
    {
        public static bool Set(string name, string value)
        {
            try
            {
                return setenv(name, value, 1) == 0;
            }
            catch (Exception elsewhere) when (elsewhere is DllNotFoundException or EntryPointNotFoundException)
            {
                return false;
            }
        }

        public static void Unset(string name) => unsetenv(name);

        [DllImport("libc")]
        static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

        [DllImport("libc")]
        static extern int unsetenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
    }
}
