using Deconfliction.Domain.Identifiers;
using Orleans.Runtime;

namespace Deconfliction.Silo.Grains;

/// <summary>Tags as grains' keys: 64 lower-case hexadecimal digits.</summary>
internal static class TagKeys
{
    private static readonly GrainType s_type = GrainType.Create(IdentifierGrain.Kind);

    /// <summary>The key of a tag.</summary>
    public static string Key(Tag tag)
    {
        Span<byte> bytes = stackalloc byte[Tag.Length];
        tag.CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>The grain of a tag.</summary>
    public static GrainId Grain(Tag tag) => GrainId.Create(s_type, Key(tag));

    /// <summary>The tag of a grain.</summary>
    public static Tag Read(GrainId grain) => new(Convert.FromHexString(grain.Key.ToString()!));
}
