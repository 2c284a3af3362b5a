using System.Globalization;
using MlnetSam;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
using var interruption = new Interruption();
return CommandLineTool.Run(args, ToolConsole.OfProcess(), interruption.Token);
