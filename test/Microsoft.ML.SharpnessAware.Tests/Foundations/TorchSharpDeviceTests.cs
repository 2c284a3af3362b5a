namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpDeviceTests
{
    [TestMethod]
    public void Device_is_read_from_its_name()
    {
        Assert.AreEqual(DeviceType.CUDA, new Device("cuda:1").type);
        Assert.AreEqual(1, new Device("cuda:1").index);
        Assert.AreEqual("cuda:1", new Device("cuda:1").ToString());
        Assert.AreEqual("cuda", new Device(DeviceType.CUDA).ToString());
        Assert.AreEqual("cpu", CPU.ToString());
        Assert.AreEqual(-1, CPU.index);
    }

    [TestMethod]
    public void Cuda_that_is_not_there_is_refused()
    {
        if (cuda.is_available()) Assert.Inconclusive("There is a GPU.");

        using var tensor = zeros(2);
        Assert.AreEqual(0, cuda.device_count());
        Assert.ThrowsExactly<InvalidOperationException>(() => device("cuda"));
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.to(DeviceType.CUDA));
        using var layer = nn.Linear(1, 1);
        Assert.ThrowsExactly<InvalidOperationException>(() => layer.to(DeviceType.CUDA));
    }

    [TestMethod]
    public void To_the_same_device_shares_the_memory_unless_told_to_copy()
    {
        using var scope = NewDisposeScope();
        var tensor = zeros(2);

        tensor.to(CPU).fill_(1);
        tensor.to(CPU, copy: true).fill_(2);

        Assert.AreEqual(2f, tensor.sum().item<float>());
    }

    [TestMethod]
    public void Number_of_threads_can_be_set()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            Assert.AreEqual(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
