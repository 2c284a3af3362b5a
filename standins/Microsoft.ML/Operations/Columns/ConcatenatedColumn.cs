namespace Microsoft.ML.Data;

/// <summary>The name of a vector to make, the columns to make it of, and what to call them in its slot names.</summary>
internal sealed record ConcatenatedColumn(string Name, (string Name, string Alias)[] Sources)
{
    public static ConcatenatedColumn Load(ModelLoadContext ctx)
    {
        var name = ctx.LoadNonEmptyString();
        var sources = new (string, string)[ctx.Reader.ReadInt32()];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = (ctx.LoadNonEmptyString(), ctx.LoadStringOrNull());
        return new ConcatenatedColumn(name, sources);
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.SaveNonEmptyString(Name);
        ctx.Writer.Write(Sources.Length);
        foreach (var (name, alias) in Sources)
        {
            ctx.SaveNonEmptyString(name);
            ctx.SaveStringOrNull(alias);
        }
    }
}
