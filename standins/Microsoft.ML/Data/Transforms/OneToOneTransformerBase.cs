using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    [InternalInMlNet]
    public readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    [InternalInMlNet]
    protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var outputs = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckNonEmpty(output, nameof(columns));
            if (!outputs.Add(output))
                throw Contracts.ExceptParam(nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    [InternalInMlNet]
    protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        ColumnPairs = new (string, string)[ctx.Reader.ReadInt32()];
        for (var i = 0; i < ColumnPairs.Length; i++)
            ColumnPairs[i] = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
    }

    [InternalInMlNet]
    public void SaveColumns(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    [InternalInMlNet]
    protected virtual void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
    }

    [InternalInMlNet]
    public abstract class OneToOneMapperBase : MapperBase
    {
        protected readonly Dictionary<int, int> ColMapNewToOld = [];
        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(IHost host, OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(host, inputSchema, parent)
        {
            _parent = parent;
            for (var i = 0; i < parent.ColumnPairs.Length; i++)
            {
                var name = parent.ColumnPairs[i].inputColumnName;
                if (!inputSchema.TryGetColumnIndex(name, out var source))
                    throw parent.Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
                parent.CheckInputColumn(inputSchema, i, source);
                ColMapNewToOld.Add(i, source);
            }
        }

        [InternalInMlNet]
        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var needed = ColMapNewToOld.Where(pair => activeOutput(pair.Key)).Select(pair => pair.Value).ToHashSet();
            return needed.Contains;
        }

        [InternalInMlNet]
        protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
