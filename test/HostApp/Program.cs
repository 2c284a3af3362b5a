using HostApp;

// HostApp quiet THREADS SIZE: trains and predicts images of that size, and texts; a line for each that is done.
// HostApp memory [leave-alone]: trains, and then says how many MB of a block of 16 the process gives back when it is freed.
switch (args)
{
    case ["quiet", var threads, var size]:
        set_num_threads(int.Parse(threads));
        Jobs.Images(int.Parse(size));
        Jobs.Texts();
        break;
    case ["memory", .. var wish]:
        if (wish is ["leave-alone"])
            AppContext.SetSwitch("Microsoft.ML.SharpnessAware.LeaveAllocatorAlone", true);
        Jobs.Images(size: 8);
        Console.WriteLine($"given back: {Memory.GivenBack(megabytes: 16):0} MB of 16");
        break;
}
