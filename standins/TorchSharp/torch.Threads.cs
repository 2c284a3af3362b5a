using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static int get_num_threads()
    {
        Check(torch_get_num_threads(out var count));
        return count;
    }

    public static void set_num_threads(int num) => Check(torch_set_num_threads(num));

    public static int get_num_interop_threads()
    {
        Check(torch_get_num_interop_threads(out var count));
        return count;
    }

    public static void set_num_interop_threads(int num) => Check(torch_set_num_interop_threads(num));
}
