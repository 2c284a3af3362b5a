using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase : IInternalCatalog
{
    [InternalInMlNet]
    protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonEmpty(registrationName, nameof(registrationName));
        Environment = env;
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    [InternalInMlNet]
    protected IHostEnvironment Environment { get; }

    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        [InternalInMlNet]
        protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        IHostEnvironment IInternalCatalog.Environment => Owner.GetEnvironment();

        [InternalInMlNet]
        public TrainCatalogBase Owner { get; }
    }
}
