using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.IModule<Tensor, Tensor> Step)> steps = [];

        internal Sequential() : base(nameof(Sequential)) { }

        protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
        {
            foreach (var module in modules) append(module);
        }

        public int Count => steps.Count;

        [IndexerName("SequentialItems")]
        public nn.IModule<Tensor, Tensor> this[int index] => steps[index].Step;

        private IEnumerable<nn.Module> Modules => steps.Select(s => (nn.Module)s.Step);

        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            steps.Add((name, module));
            return this;
        }

        public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{Count}", module);

        /// <summary>Disposes what one step hands to the next.</summary>
        public override Tensor forward(Tensor tensor)
        {
            if (Count == 0) return tensor.alias();
            var current = tensor;
            foreach (var (_, step) in steps)
            {
                var next = step.call(current);
                if (!ReferenceEquals(current, tensor)) current.Dispose();
                current = next;
            }
            return current;
        }

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => recurse
            ? named_children().SelectMany(c => c.module.named_parameters().Select(p => ($"{c.name}.{p.name}", p.parameter)))
                .DistinctBy(p => p.parameter.handle)
            : [];

        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) => recurse
            ? named_children().SelectMany(c => c.module.named_buffers().Select(b => ($"{c.name}.{b.name}", b.buffer)))
                .DistinctBy(b => b.buffer.handle)
            : [];

        public override IEnumerable<(string name, nn.Module module)> named_children() =>
            steps.Select(s => (s.Name, (nn.Module)s.Step));

        public override IEnumerable<(string name, nn.Module module)> named_modules() => named_children().Concat(
            named_children().SelectMany(c => c.module.named_modules().Select(m => ($"{c.name}.{m.name}", m.module))));

        public override nn.Module apply(Action<nn.Module> fn)
        {
            foreach (var module in Modules) module.apply(fn);
            fn(this);
            return this;
        }

        protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
        {
            foreach (var module in Modules) module._to(dtype, non_blocking);
            return this;
        }

        protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
        {
            foreach (var module in Modules) module._to(device, dtype, non_blocking);
            return this;
        }

        protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        {
            foreach (var module in Modules) module._to(deviceType, deviceIndex, non_blocking);
            return this;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                foreach (var module in Modules) module.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential() => new();

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var all = Sequential();
                foreach (var module in modules) all.append(module);
                return all;
            }

            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Modules.Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var all = Sequential();
                foreach (var (name, module) in modules) all.append(name, module);
                return all;
            }
        }
    }
}
