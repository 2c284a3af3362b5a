using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        internal Generator(nint handle)
        {
            Handle = handle;
            device = CPU;
        }

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            Check(generator_new(seed, out var handle));
            Handle = handle;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                Check(generator_default(out var handle));
                return new Generator(handle);
            }
        }

        public nint Handle { get; private set; }

        public Device device { get; private set; }

        public Generator manual_seed(long seed)
        {
            Check(generator_seed(Handle, seed));
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed()
        {
            Check(generator_initial_seed(Handle, out var seed));
            return seed;
        }

        public Tensor get_state()
        {
            Check(generator_get_state(Handle, out var state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Check(generator_set_state(Handle, value?.Handle ?? 0));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            generator_delete(Handle);
            Handle = 0;
        }
    }
}
