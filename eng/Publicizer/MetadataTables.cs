using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Publicizer;

/// <summary>Where the flags of a row lie in the file. Row layouts: ECMA-335, partition II, 22.15, 22.26 and 22.37.</summary>
internal sealed class MetadataTables(PEReader pe)
{
    const int FlagsInMethodDef = 6;

    readonly int _metadata = pe.PEHeaders.MetadataStartOffset;

    public MetadataReader Reader { get; } = pe.GetMetadataReader();

    public int OffsetOfFlags(TypeDefinitionHandle type) => OffsetOfRow(TableIndex.TypeDef, type);

    public int OffsetOfFlags(MethodDefinitionHandle method) => OffsetOfRow(TableIndex.MethodDef, method) + FlagsInMethodDef;

    public int OffsetOfFlags(FieldDefinitionHandle field) => OffsetOfRow(TableIndex.Field, field);

    int OffsetOfRow(TableIndex table, EntityHandle row) =>
        _metadata + Reader.GetTableMetadataOffset(table) + (MetadataTokens.GetRowNumber(row) - 1) * Reader.GetTableRowSize(table);
}
