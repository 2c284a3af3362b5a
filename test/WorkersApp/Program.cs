using System.Globalization;
using Microsoft.ML.SharpnessAware;

// WorkersApp SECONDS VERB [ARGUMENTS]: what each of several processes does. None waits for the others for longer than so many seconds.
var verbs = new Dictionary<string, Func<MpiWorkers, string[], int>>
{
    ["sum"] = EngineVerbs.Sum,
    ["exchange"] = EngineVerbs.Exchange,
    ["sums"] = EngineVerbs.SumForSeconds,
    ["alone"] = EngineVerbs.Alone,
    ["throw"] = EngineVerbs.Throw,
    ["abort"] = EngineVerbs.Abort,
    ["exit"] = EngineVerbs.Exit,
    ["kill"] = EngineVerbs.Kill,
    ["hang"] = EngineVerbs.Hang,
    ["fail"] = EngineVerbs.Fail,
    ["linger"] = EngineVerbs.Linger,
    ["train"] = TrainingVerbs.Train,
    ["resume"] = TrainingVerbs.Resume,
    ["differ"] = TrainingVerbs.Differ,
};
return verbs[args[1]](new MpiWorkers { Timeout = TimeSpan.FromSeconds(double.Parse(args[0], CultureInfo.InvariantCulture)) }, args[2..]);
