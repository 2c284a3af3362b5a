using System.Reflection;

namespace Publicizer;

/// <summary>The new access of a type or member.</summary>
internal static class Access
{
    public static TypeAttributes Open(TypeAttributes flags) => (flags & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.NotPublic => Replace(flags, TypeAttributes.VisibilityMask, TypeAttributes.Public),
        TypeAttributes.NestedAssembly or TypeAttributes.NestedFamANDAssem or TypeAttributes.NestedFamORAssem
            => Replace(flags, TypeAttributes.VisibilityMask, TypeAttributes.NestedPublic),
        _ => flags,
    };

    /// <summary>A virtual member that subclasses see becomes protected and not public, so that overrides stay out of our public API.</summary>
    public static MethodAttributes Open(MethodAttributes flags)
    {
        var access = flags & MethodAttributes.MemberAccessMask;
        var forSubclasses = access is MethodAttributes.FamANDAssem or MethodAttributes.FamORAssem;
        if (access is not MethodAttributes.Assembly && !forSubclasses)
            return flags;

        var isVirtual = (flags & MethodAttributes.Virtual) != 0;
        return Replace(flags & ~MethodAttributes.CheckAccessOnOverride, MethodAttributes.MemberAccessMask,
            isVirtual && forSubclasses ? MethodAttributes.Family : MethodAttributes.Public);
    }

    public static FieldAttributes Open(FieldAttributes flags) => (flags & FieldAttributes.FieldAccessMask) switch
    {
        FieldAttributes.Assembly or FieldAttributes.FamANDAssem or FieldAttributes.FamORAssem
            => Replace(flags, FieldAttributes.FieldAccessMask, FieldAttributes.Public),
        _ => flags,
    };

    static TypeAttributes Replace(TypeAttributes flags, TypeAttributes mask, TypeAttributes value) => (flags & ~mask) | value;

    static MethodAttributes Replace(MethodAttributes flags, MethodAttributes mask, MethodAttributes value) => (flags & ~mask) | value;

    static FieldAttributes Replace(FieldAttributes flags, FieldAttributes mask, FieldAttributes value) => (flags & ~mask) | value;
}
