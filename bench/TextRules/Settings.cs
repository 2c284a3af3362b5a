using System.CommandLine;

namespace TextRules;

/// <summary>What all trainings have in common. Two results can be compared where these are equal.</summary>
sealed record Settings(int Batch, double Rate, double Dropout)
{
    static readonly Option<int> _batch = new("--batch") { HelpName = "N", Description = "Batch size, in rows.", DefaultValueFactory = _ => 32 };
    static readonly Option<double> _rate = new("--rate") { HelpName = "NUMBER", Description = "The learning rate of the transformer.", DefaultValueFactory = _ => 0.001 };
    static readonly Option<double> _dropout = new("--dropout") { HelpName = "NUMBER", Description = "The share that the transformer leaves out.", DefaultValueFactory = _ => 0.1 };

    public static IEnumerable<Option> Options => [_batch, _rate, _dropout];

    public static Settings From(ParseResult parsed) => new(parsed.GetValue(_batch), parsed.GetValue(_rate), parsed.GetValue(_dropout));
}
