using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Publicizer;

/// <summary>Opens what is internal in an assembly's image by rewriting the access bits of its metadata in place. Private stays private.</summary>
internal static class PublicCopy
{
    public static int Open(byte[] image)
    {
        using var pe = new PEReader([.. image]);
        var tables = new MetadataTables(pe);
        var changed = 0;

        foreach (var handle in tables.Reader.TypeDefinitions)
        {
            var type = tables.Reader.GetTypeDefinition(handle);
            if (IsCompilerSupport(tables.Reader, type))
                continue;

            changed += Set(image, tables.OffsetOfFlags(handle), (uint)type.Attributes, (uint)Access.Open(type.Attributes), sizeof(uint));

            foreach (var method in type.GetMethods())
            {
                var flags = tables.Reader.GetMethodDefinition(method).Attributes;
                changed += Set(image, tables.OffsetOfFlags(method), (uint)flags, (uint)Access.Open(flags), sizeof(ushort));
            }

            foreach (var field in type.GetFields())
            {
                var flags = tables.Reader.GetFieldDefinition(field).Attributes;
                changed += Set(image, tables.OffsetOfFlags(field), (uint)flags, (uint)Access.Open(flags), sizeof(ushort));
            }
        }

        return changed;
    }

    // Attributes such as NullableAttribute are embedded in many assemblies: public copies would be ambiguous.
    static bool IsCompilerSupport(MetadataReader reader, TypeDefinition type)
    {
        while (type.IsNested)
            type = reader.GetTypeDefinition(type.GetDeclaringType());

        var space = reader.GetString(type.Namespace);
        return space == "System" || space.StartsWith("System.") || space == "Microsoft.CodeAnalysis"
            || reader.GetString(type.Name).StartsWith('<');
    }

    static int Set(byte[] image, int offset, uint before, uint after, int size)
    {
        if (before == after)
            return 0;

        if (size == sizeof(uint))
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), after);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), (ushort)after);
        return 1;
    }
}
