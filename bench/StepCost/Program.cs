using System.Globalization;
using Microsoft.ML.SharpnessAware;
using StepCost;

// What a step of each rule costs, as a multiple of a plain step of the same network: taken in turn, medians of the ratios.
const int WarmUp = 3;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
set_num_threads(Environment.ProcessorCount);
Measure(new CifarResNet(20), new ImageShape(3, 32, 32), batch: 128, steps: 20);
Measure(new CifarResNet(20), new ImageShape(3, 8, 8), batch: 4, steps: 200);

static void Measure(ImageNetwork network, ImageShape shape, int batch, int steps)
{
    using var images = ChannelsLast.Of(randn(batch, shape.Channels, shape.Height, shape.Width));
    using var labels = randint(0, 10, [batch], dtype: ScalarType.Int64);
    SharpnessRule[] rules = [new Plain(), new Sam(), new Asam(), new FriendlySam(), new Gsam(), new SamPa(), new CrSam(), new RwSam(), new DeltaSam(), new LookSam(), new MomentumSam()];
    var contestants = Array.ConvertAll(rules, rule => new Contestant(rule, network, shape));

    for (var i = 0; i < WarmUp + steps; i++)
        foreach (var contestant in contestants)
            contestant.Step(images, labels, counts: i >= WarmUp);

    Console.WriteLine($"{network}, {batch} images of {shape}, {steps} steps\n");
    Console.WriteLine("| rule | median ms | over a plain step: median (least to most) | all steps over all plain ones |\n| --- | --- | --- | --- |");
    foreach (var contestant in contestants)
        Console.WriteLine(Row(contestant, contestants[0]));
    Console.WriteLine();
    Array.ForEach(contestants, contestant => contestant.Dispose());
}

static string Row(Contestant contestant, Contestant plain)
{
    var ratios = contestant.Milliseconds.Zip(plain.Milliseconds, (a, b) => a / b).Order().ToArray();
    return $"| {contestant.Rule.GetType().Name} | {Median(contestant.Milliseconds):0.0} | {Median(ratios):0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00}) | {contestant.Milliseconds.Sum() / plain.Milliseconds.Sum():0.00} |";
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return sorted[sorted.Length / 2];
}
