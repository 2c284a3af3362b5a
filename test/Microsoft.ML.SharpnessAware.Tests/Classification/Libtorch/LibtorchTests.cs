using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LibtorchTests
{
    [TestMethod]
    [DataRow(null, 4, null)]
    [DataRow(0, 1, 0)]
    [DataRow(3, 4, 3)]
    public void ChooseGpu_takes_the_one_that_was_asked_for(int? asked, int gpus, int? expected) =>
        Assert.AreEqual(expected, Libtorch.ChooseGpu(Settings(asked, fallback: true), gpus, _ => Assert.Fail("a warning")));

    [TestMethod]
    public void ChooseGpu_explains_what_is_missing()
    {
        void Choose(int gpu, bool fallback, int gpus) => Libtorch.ChooseGpu(Settings(gpu, fallback), gpus, _ => { });

        var errors = new ErrorText()
            .Add("no GPU", () => Choose(0, fallback: false, gpus: 0))
            .Add("number too high", () => Choose(2, fallback: false, gpus: 2))
            .Add("number too high, with fallback", () => Choose(2, fallback: true, gpus: 2))
            .Add("negative number", () => Choose(-1, fallback: true, gpus: 0));

        Golden.Matches("Classification/Gpu.txt", errors.ToString());
    }

    [TestMethod]
    public void ChooseGpu_falls_back_to_the_CPU_with_a_warning()
    {
        var warnings = new List<string>();

        Assert.IsNull(Libtorch.ChooseGpu(Settings(0, fallback: true), gpus: 0, warnings.Add));

        Golden.Matches("Classification/GpuFallback.txt", string.Join('\n', warnings));
    }

    [TestMethod]
    public void Fit_and_Load_look_for_the_GPU_of_their_own_context()
    {
        if (cuda.is_available())
            Assert.Inconclusive("Asks for a GPU where there is none.");
        var ml = new MLContext(seed: 1);
        var zip = SavedModel.Of(ml, SamImageTransformerTests.Train(ml));

        var wanting = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = false };
        Assert.ThrowsExactly<InvalidOperationException>(() => SamImageTransformerTests.Train(wanting));
        Assert.ThrowsExactly<InvalidOperationException>(() => SavedModel.Load(wanting, zip));

        var content = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
        var log = SamImageTrainerTests.Log(content);
        using (SamImageTransformerTests.Train(content)) { }
        using ((IDisposable)SavedModel.Load(content, zip)) { }
        Assert.IsTrue(log.Any(line => line.EndsWith("Using the CPU instead, as FallbackToCpu says.", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow(1, 2, 2)]
    [DataRow(2, 1, 1)]
    [DataRow(1, 0, 1)]
    [DataRow(2, 0, 2)]
    public void Fit_computes_with_the_threads_that_it_is_told_and_puts_back_those_it_found(int found, int told, int expected)
    {
        WithThreads(found, () =>
        {
            var used = 0;
            using var model = SamImageTransformerTests.Train(new MLContext(seed: 1), options =>
            {
                options.Threads = told;
                options.MetricsCallback = _ => used = get_num_threads();
            });

            Assert.AreEqual(expected, used);
            Assert.AreEqual(found, get_num_threads());
        });
    }

    [TestMethod]
    public void Fit_that_fails_puts_back_the_threads_it_found() => WithThreads(2, () =>
    {
        Assert.ThrowsExactly<InvalidOperationException>(() => SamImageTransformerTests.Train(new MLContext(seed: 1), options =>
        {
            options.Threads = 1;
            options.MetricsCallback = _ => throw new InvalidOperationException();
        }));

        Assert.AreEqual(2, get_num_threads());
    });

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Load_and_Transform_leave_the_threads_as_the_application_has_set_them(int threads)
    {
        var ml = new MLContext(seed: 1);
        using var trained = SamImageTransformerTests.Train(ml);
        var zip = SavedModel.Of(ml, trained);

        WithThreads(threads, () =>
        {
            var model = SavedModel.Load(ml, zip);
            Assert.AreEqual(threads, get_num_threads());

            model.Transform(Pictures.Rows(ml)).GetColumn<float[]>("Score").Count();
            Assert.AreEqual(threads, get_num_threads());
        });
    }

    [TestMethod]
    public void NNPACK_is_not_asked_for_on_x64()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Inconclusive("Only there does libtorch ask for it in vain.");
        zeros(1).Dispose();

        Assert.IsTrue(Nnpack.Silence());
    }

    static void WithThreads(int threads, Action work)
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            work();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    static HostSettings Settings(int? gpu, bool fallback) => new(Seed: null, gpu, fallback, TempFilePath: "");
}
