namespace Microsoft.ML
{
    [InternalInMlNet]
    public delegate void SignatureLoadModel(ModelLoadContext ctx);
}

namespace Microsoft.ML.Data
{
    [InternalInMlNet]
    public delegate void SignatureLoadRowMapper(ModelLoadContext ctx, DataViewSchema schema);
}
