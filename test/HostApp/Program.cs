using HostApp;
using Microsoft.ML.SharpnessAware;

// HostApp quiet THREADS SIZE: trains and predicts images of that size, and texts; a line for each that is done.
// HostApp memory [worker] [leave-alone]: trains, on another thread than the first or there, and says how much of some large blocks the process gives back when they are freed.
// HostApp large: trains a network of 39 MB by each of some rules, and says how many MB the process takes after each epoch.
switch (args)
{
    case ["quiet", var threads, var size]:
        set_num_threads(int.Parse(threads));
        Jobs.Images(int.Parse(size));
        Jobs.Texts();
        break;
    case ["large"]:
        foreach (SharpnessRule rule in new SharpnessRule[] { new Asam(), new FriendlySam() })
            Console.WriteLine(string.Join(' ', Jobs.LargeVocabulary(rule)));
        break;
    case ["memory", .. var wishes]:
        if (wishes.Contains("leave-alone"))
            AppContext.SetSwitch("Microsoft.ML.SharpnessAware.LeaveAllocatorAlone", true);
        if (wishes.Contains("worker"))
            await Task.Run(TellOfMemory);
        else
            TellOfMemory();
        break;
}

static void TellOfMemory()
{
    Jobs.Images(size: 8);
    Console.WriteLine($"given back: {Memory.GivenBack(blocks: 8, megabytes: 16):0} MB of 128");
}
