using System.CommandLine;

namespace LabelNoise;

/// <summary>What decides what a run computes. Two results can be compared where these are equal.</summary>
sealed record Settings(int Rows, double Noise, int Epochs, int Width, int Batch, double Rate, double SamRho, double AsamRho, int Measured)
{
    static readonly Option<int> _rows = new("--rows") { HelpName = "N", Description = "Training rows.", DefaultValueFactory = _ => 2000 };
    static readonly Option<double> _noise = new("--noise") { HelpName = "NUMBER", Description = "The share of training labels that are replaced by another.", DefaultValueFactory = _ => 0.3 };
    static readonly Option<int> _epochs = new("--epochs") { HelpName = "N", Description = "Epochs of all methods but the longer one.", DefaultValueFactory = _ => 50 };
    static readonly Option<int> _width = new("--width") { HelpName = "N", Description = "Channels of the first convolution.", DefaultValueFactory = _ => 16 };
    static readonly Option<int> _batch = new("--batch") { HelpName = "N", Description = "Batch size, in rows.", DefaultValueFactory = _ => 128 };
    static readonly Option<double> _rate = new("--rate") { HelpName = "NUMBER", Description = "The learning rate.", DefaultValueFactory = _ => 0.1 };
    static readonly Option<double> _samRho = new("--samrho") { HelpName = "NUMBER", Description = "The radius of SAM and F-SAM.", DefaultValueFactory = _ => 0.1 };
    static readonly Option<double> _asamRho = new("--asamrho") { HelpName = "NUMBER", Description = "The radius of ASAM.", DefaultValueFactory = _ => 0.5 };
    static readonly Option<int> _measured = new("--measured") { HelpName = "N", Description = "Training rows that sharpness is measured on.", DefaultValueFactory = _ => 256 };

    public static IEnumerable<Option> Options => [_rows, _noise, _epochs, _width, _batch, _rate, _samRho, _asamRho, _measured];

    public static Settings From(ParseResult parsed) => new(
        parsed.GetValue(_rows),
        parsed.GetValue(_noise),
        parsed.GetValue(_epochs),
        parsed.GetValue(_width),
        parsed.GetValue(_batch),
        parsed.GetValue(_rate),
        parsed.GetValue(_samRho),
        parsed.GetValue(_asamRho),
        parsed.GetValue(_measured));
}
