using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;

        internal nint handle;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            var count = Interlocked.Increment(ref totalCount);
            if (count > peakCount) peakCount = count;
            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => totalCount;

        public static long PeakCount => peakCount;

        public string? name { get; set; }

        public bool IsInvalid => handle == 0;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0) return;
            DisposeScopeManager.ThreadSingleton.Disposing(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref totalCount);
            tensor_delete(handle);
            handle = 0;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null) OwningDisposeScope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public nint DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var decoupled = Handle;
            Interlocked.Decrement(ref totalCount);
            handle = 0;
            return decoupled;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>Takes the handle away from this wrapper, which goes on counting as live: so does the real package's.</summary>
        internal nint MoveHandle()
        {
            var moved = handle;
            handle = 0;
            return moved;
        }

        // The operands are named so that none of them is finalised while libtorch works on it.
        internal Tensor Result(int status, nint result, Tensor? second = null, Tensor? third = null)
        {
            Check(status);
            KeepAlive(second, third);
            return new Tensor(result);
        }

        internal (Tensor, Tensor) Results(int status, nint first, nint second)
        {
            Check(status);
            GC.KeepAlive(this);
            return (new Tensor(first), new Tensor(second));
        }

        internal Tensor Done(int status, Tensor? second = null, Tensor? third = null)
        {
            Check(status);
            KeepAlive(second, third);
            return this;
        }

        internal T Read<T>(int status, T value)
        {
            Check(status);
            GC.KeepAlive(this);
            return value;
        }

        private void KeepAlive(Tensor? second, Tensor? third)
        {
            GC.KeepAlive(this);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }
    }
}
