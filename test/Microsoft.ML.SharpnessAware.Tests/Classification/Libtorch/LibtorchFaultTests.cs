using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LibtorchFaultTests
{
    const string Looked = """
        Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace. If you're using glibc, consider setting the LD_DEBUG environment variable: 
        /app/LibTorchSharp.so: cannot open shared object file: No such file or directory

        """;

    [TestMethod]
    public void Explain_says_what_to_do()
    {
        var texts = new StringBuilder();
        Add("libstdc++ is older", $"{Looked}/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n");
        Add("libstdc++ is much older", $"{Looked}/lib64/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /app/libLibTorchSharp.so)\n");
        Add("glibc is older", $"{Looked}/lib64/libc.so.6: version `GLIBC_2.34' not found (required by /app/libLibTorchSharp.so)\n");
        Add("nothing is there", Looked);
        Add("libtorch is not there", $"{Looked}libtorch.so: cannot open shared object file: No such file or directory\n");
        Add("it is another libtorch", $"{Looked}/app/libLibTorchSharp.so: undefined symbol: _ZN2at8_ops4tanh4callERKNS_6TensorE\n");
        Add("another library is not there", $"{Looked}libcudart.so.12: cannot open shared object file: No such file or directory\n");
        Add("the file is damaged", $"{Looked}/app/libLibTorchSharp.so: file too short\n");
        Add("nothing is there, on Windows", "Unable to load DLL 'LibTorchSharp' or one of its dependencies: The specified module could not be found. (0x8007007E)", "win-x64", "0.105.1");
        Add("it is another libtorch, on Windows", "Unable to load DLL 'LibTorchSharp' or one of its dependencies: The specified procedure could not be found. (0x8007007F)", "win-x64", "0.105.1");
        Add("the version that does not load on Windows", "Unable to load DLL 'LibTorchSharp' or one of its dependencies: The specified procedure could not be found. (0x8007007F)", "win-x64");
        Add("a library of another processor, on Windows", "Unable to load DLL 'LibTorchSharp' or one of its dependencies: %1 is not a valid Win32 application. (0x800700C1)", "win-x64", "0.105.1");
        Add("libtorch is not there, on macOS", "Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.: \ndlopen(/app/libLibTorchSharp.dylib, 0x0001): Library not loaded: @rpath/libtorch.dylib\n  Referenced from: <4C4C44> /app/libLibTorchSharp.dylib\n", "osx-arm64");
        Add("ARM64", Looked, "linux-arm64");
        Add("Alpine", Looked, "linux-musl-x64");

        Golden.Matches("Classification/Libtorch/Faults.txt", texts.ToString());

        void Add(string what, string said, string platform = "linux-x64", string torchSharp = "0.107.0") =>
            texts.AppendLine($"{what}\n    {new LibtorchFault(torchSharp, platform).Explain(said, LastVersion)}");
    }

    static Version? LastVersion(string file) => file switch
    {
        "/lib/x86_64-linux-gnu/libstdc++.so.6" => new(3, 4, 30),
        "/lib64/libstdc++.so.6" => new(3, 4, 29),
        _ => null,
    };
}
