using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlnetSam;

/// <summary>Errors in words for the command line.</summary>
static class CommandErrors
{
    /// <summary>Makes an error of the command line of an argument that is refused.</summary>
    public static void Take(SymbolResult result, Action act)
    {
        try
        {
            act();
        }
        catch (ArgumentException fault)
        {
            result.AddError(MessageOf(fault));
        }
    }

    /// <summary>Refuses weights without the network that they are of.</summary>
    public static void WeightsNeedNetwork(Command command, Option weights, Option network) => command.Validators.Add(result =>
    {
        if (result.GetResult(weights) is not null && result.GetResult(network) is null)
            result.AddError("--weights are those of a network: give --network, too.");
    });

    /// <summary>The message without the name of a parameter, which is none of the command line's.</summary>
    public static string MessageOf(Exception fault) =>
        fault.GetBaseException() is ArgumentException { ParamName: { } name } argument ? argument.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : fault.GetBaseException().Message;
}
