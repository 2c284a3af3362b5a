using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Drawn(tensor_bernoulli(Handle, Source(generator), out var r), r, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            Drawn(tensor_bernoulli_(Handle, p, Source(generator)), generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            var status = tensor_bernoulli__tensor(Handle, p.Handle, Source(generator));
            GC.KeepAlive(p);
            return Drawn(status, generator);
        }

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) =>
            Drawn(tensor_normal_(Handle, mean, std, Source(generator)), generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Drawn(tensor_uniform_(Handle, from, to, Source(generator)), generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Drawn(tensor_multinomial(Handle, num_samples, replacement, Source(generator), out var r), r, generator);

        private Tensor Drawn(int status, nint result, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Result(status, result);
        }

        private Tensor Drawn(int status, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Done(status);
        }
    }

    private static nint Source(Generator? generator) => generator?.Handle ?? 0;
}
