using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class TransformsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env;
        Conversion = new ConversionTransforms(this);
    }

    IHostEnvironment IInternalCatalog.Environment => _env;

    public ConversionTransforms Conversion { get; }

    public sealed partial class ConversionTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal ConversionTransforms(TransformsCatalog owner) => _env = owner.GetEnvironment();

        IHostEnvironment IInternalCatalog.Environment => _env;
    }
}
