using System.CommandLine;

namespace MlnetSam;

/// <summary>Options of all commands that compute with a network.</summary>
sealed class CommonOptions
{
    const string Cpu = "cpu", Cuda = "cuda";

    readonly Option<string> _device = new("--device") { HelpName = $"{Cpu}|{Cuda}", Description = "Where to compute.", DefaultValueFactory = _ => Cpu };
    readonly NumberOption<int> _seed = new("--seed", "N", "The seed of all that is random.", _ => true, "a whole number", standard: 1);

    public CommonOptions() => _device.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Cpu, Cuda);

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_seed);
    }

    public Device DeviceIn(ParseResult parsed) => Cuda.Equals(parsed.GetRequiredValue(_device), StringComparison.OrdinalIgnoreCase) ? Device.Cuda : Device.Cpu;

    public int SeedIn(ParseResult parsed) => parsed.GetValue(_seed)!.Value;

    /// <summary>ML.NET's context for the device and the seed.</summary>
    public MLContext ContextIn(ParseResult parsed) => Devices.Context(DeviceIn(parsed), SeedIn(parsed));
}
