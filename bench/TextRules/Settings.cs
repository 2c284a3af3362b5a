using System.Globalization;

namespace TextRules;

/// <summary>What the command line asks for. Two results can be compared where these are equal.</summary>
sealed record Settings
{
    public const string Usage = """
        usage: TextRules --data DIR [OPTIONS]

          --data DIR        a folder with the folders trec, sst2_sentences and spamassassin, in each train.tsv and test.tsv
          --results FILE    where results are gathered, and looked up when run again; artifacts/text-rules.jsonl by default
          --tasks NAMES     the tables, such as "TREC, SST-2"; all by default
          --methods NAMES   their rows, such as "AdamW, SAM"; all by default
          --seeds N         runs of each method; 3 by default, 0 to choose radii alone
          --epochs N        epochs of all methods but the longer ones; each task's own by default
          --batch N         rows in a step; 32 by default
          --rate NUMBER     the learning rate of the transformer; 0.001 by default
          --dropout NUMBER  the share that the transformer leaves out; 0.1 by default
          --threads N       threads of libtorch; one per core by default
        """;

    public int Batch { get; init; } = 32;

    public double Rate { get; init; } = 0.001;

    public double Dropout { get; init; } = 0.1;

    public Settings With(string option, string value) => option switch
    {
        "--batch" => this with { Batch = Whole(value) },
        "--rate" => this with { Rate = Number(value) },
        "--dropout" => this with { Dropout = Number(value) },
        _ => throw new ArgumentException($"There is no option {option}."),
    };

    public static int Whole(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    static double Number(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
