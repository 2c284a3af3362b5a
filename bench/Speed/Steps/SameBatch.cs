using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>One batch, step after step; its tensors are the program's.</summary>
sealed class SameBatch(Tensor images, Tensor labels) : IStepBatch
{
    public int Count => (int)labels.shape[0];

    public Tensor Losses(nn.Module network, int start, int count) => nn.functional.cross_entropy(
        ((nn.Module<Tensor, Tensor>)network).call(images.narrow(0, start, count)), labels.narrow(0, start, count), reduction: nn.Reduction.None);

    public void Dispose() { }
}
