using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public abstract partial class RowToRowTransformerBase
{
    [InternalInMlNet]
    public abstract class MapperBase : IRowMapper
    {
        protected readonly IHost Host;
        protected readonly DataViewSchema InputSchema;
        protected readonly Lazy<DataViewSchema.DetachedColumn[]> OutputColumns;
        private readonly RowToRowTransformerBase _parent;

        protected MapperBase(IHost host, DataViewSchema inputSchema, RowToRowTransformerBase parent)
        {
            Contracts.CheckValue(host, nameof(host));
            Contracts.CheckValue(inputSchema, nameof(inputSchema));
            Host = host;
            InputSchema = inputSchema;
            _parent = parent;
            OutputColumns = new(GetOutputColumnsCore);
        }

        public ITransformer GetTransformer() => _parent;

        public virtual Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            var getters = new Delegate[OutputColumns.Value.Length];
            var disposers = new Action[getters.Length];
            for (var i = 0; i < getters.Length; i++)
            {
                if (activeOutput(i))
                    getters[i] = MakeGetter(input, i, activeOutput, out disposers[i]);
            }
            // As ML.NET does, this calls every entry, null ones too: a mapper that mixes both must override CreateGetters.
            disposer = Array.TrueForAll(disposers, d => d == null) ? null : () => Array.ForEach(disposers, d => d());
            return getters;
        }

        DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns() => OutputColumns.Value;

        Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput) => GetDependenciesCore(activeOutput);

        void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

        protected abstract DataViewSchema.DetachedColumn[] GetOutputColumnsCore();

        protected abstract Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer);

        [InternalInMlNet]
        protected abstract Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput);

        [InternalInMlNet]
        protected abstract void SaveModel(ModelSaveContext ctx);
    }
}
