using System.Globalization;
using Benchmarks;
using LabelNoise;

// Which method learns best from labels of which some are wrong, and how sharp its minima are.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var settings = new Settings();
var (data, file, names, seeds, threads) = ("", Path.Combine("artifacts", "label-noise.jsonl"), "", 3, 0);
Method[] methods;
try
{
    foreach (var pair in args.Chunk(2))
    {
        var (option, value) = (pair[0], pair is [_, var given] ? given : throw new ArgumentException($"{pair[0]} lacks its value."));
        switch (option)
        {
            case "--data": data = value; break;
            case "--results": file = value; break;
            case "--methods": names = value; break;
            case "--seeds": seeds = Settings.Whole(value); break;
            case "--threads": threads = Settings.Whole(value); break;
            default: settings = settings.With(option, value); break;
        }
    }
    methods = Method.All(settings.SamRho, settings.AsamRho).Named(names, method => method.Name);
    if (!Directory.Exists(data))
        throw new ArgumentException("--data must be a folder with Fashion-MNIST.");
}
catch (Exception fault) when (fault is ArgumentException or FormatException)
{
    Console.Error.WriteLine($"{fault.Message}\n\n{Settings.Usage}");
    return 2;
}

var results = new ResultFile<Trial>(file);
var runs =
    from seed in Enumerable.Range(1, seeds)
    from method in methods
    let trial = new Trial(settings, method.Name, method.Rule.ToString(), seed)
    select (method.Name, Numbers: results.NumbersOf(trial, () => Run.Of(settings, method, seed, data, threads)));

Table.Write(Console.Out, settings, methods, runs.ToLookup(run => run.Name, run => run.Numbers));
return 0;
