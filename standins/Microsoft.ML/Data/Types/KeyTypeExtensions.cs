using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public static class KeyTypeExtensions
{
    public static int GetCountAsInt32(this KeyDataViewType key, IExceptionContext ectx = null) => key.GetKeyCountAsInt32(ectx);
}
