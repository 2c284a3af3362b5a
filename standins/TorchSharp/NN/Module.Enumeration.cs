using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var (name, parameter) in _internal_params)
                {
                    if (seen.Add(parameter.handle)) yield return (name, parameter);
                }
                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, parameter) in module.named_parameters(true))
                    {
                        if (seen.Add(parameter.handle)) yield return ($"{child}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>The persistent buffers; <paramref name="include_nonpersistent"/> changes nothing, as in the real package.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                {
                    if (persistent && seen.Add(buffer.handle)) yield return (name, buffer);
                }
                if (!recurse) yield break;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.handle)) yield return ($"{child}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            /// <summary>The children, then their children; not this module itself.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;
                foreach (var (child, module) in _internal_submodules)
                {
                    foreach (var (name, inner) in module.named_modules()) yield return ($"{child}.{name}", inner);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Tensor? get_buffer(string target) =>
                _internal_buffers.TryGetValue(target, out var buffer) ? buffer.Item1 : Below(target, (m, rest) => m.get_buffer(rest));

            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var parameter) ? parameter : Below(target, (m, rest) => m.get_parameter(rest));

            private T? Below<T>(string target, Func<Module, string, T?> find) where T : class
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;
                return named_children().Where(c => c.name == target[..dot])
                    .Select(c => find(c.module, target[(dot + 1)..]))
                    .FirstOrDefault(found => found is not null);
            }
        }
    }
}
