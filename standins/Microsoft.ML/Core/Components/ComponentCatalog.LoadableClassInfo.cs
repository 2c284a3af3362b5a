using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed partial class ComponentCatalog
{
    /// <summary>How to make an instance: by a constructor or by a static Create method, the more visible one, with or without the environment first.</summary>
    private sealed class LoadableClassInfo
    {
        private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic;

        private readonly MethodBase _maker;
        private readonly bool _takesEnvironment;

        public LoadableClassInfo(LoadableClassAttributeBase attribute)
        {
            Type = attribute.InstanceType;
            ExtraArgCount = attribute.CtorTypes.Length - (attribute.ArgType == null ? 0 : 1);
            var (loader, parameters) = (attribute.LoaderType, attribute.CtorTypes);
            Type[] withEnvironment = [typeof(IHostEnvironment), .. parameters];
            MethodBase constructor = null;
            if (Type.IsAssignableFrom(loader))
                constructor = Constructor(loader, parameters) ?? Constructor(loader, withEnvironment);
            MethodBase create = Create(loader, parameters) ?? Create(loader, withEnvironment);
            if (constructor != null && create != null && Visibility(constructor) == Visibility(create))
            {
                throw Contracts.Except(
                    $"Can't load type {Type}, because it has both create and constructor methods with the same visibility. "
                    + "Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            }
            var useConstructor = constructor != null && (create == null || Visibility(constructor) > Visibility(create));
            _maker = useConstructor ? constructor : create;
            _takesEnvironment = _maker?.GetParameters().Length > parameters.Length;
        }

        public Type Type { get; }

        public int ExtraArgCount { get; }

        public bool CanCreate => _maker != null;

        public object CreateInstance(IHostEnvironment env, object[] extra)
        {
            object[] arguments = _takesEnvironment ? [env, .. extra] : extra;
            try
            {
                return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
            }
            catch (TargetInvocationException ex) when (ex.InnerException?.IsMarked() == true)
            {
                throw Contracts.Except(ex, "Error during class instantiation");
            }
        }

        private static ConstructorInfo Constructor(Type loader, Type[] parameters)
            => loader.GetConstructor(BindingFlags.Instance | Everything, parameters);

        private MethodInfo Create(Type loader, Type[] parameters)
        {
            var method = loader.GetMethod("Create", BindingFlags.Static | Everything, parameters);
            return method?.ReturnType == Type ? method : null;
        }

        private static int Visibility(MethodBase method) => method switch
        {
            { IsFamilyAndAssembly: true } => 0,
            { IsPrivate: true } => 1,
            { IsFamily: true } => 2,
            { IsFamilyOrAssembly: true } => 3,
            { IsAssembly: true } => 4,
            _ => 5,
        };
    }
}
