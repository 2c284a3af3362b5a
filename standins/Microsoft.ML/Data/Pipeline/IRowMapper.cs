namespace Microsoft.ML.Data;

[InternalInMlNet]
public interface IRowMapper : ICanSaveModel
{
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);

    DataViewSchema.DetachedColumn[] GetOutputColumns();

    ITransformer GetTransformer();
}
