using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Silo.Grains;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests;

/// <summary>Tags of values, as a gateway would make them.</summary>
internal static class Keys
{
    /// <summary>The tag of a value.</summary>
    public static Tag Tag(string value) => new(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    /// <summary>The same with the key that made it.</summary>
    public static TagKey Key(string value) => new(Tag(value), 1);

    /// <summary>The grain of a value.</summary>
    public static GrainId Grain(string value) => TagKeys.Grain(Tag(value));
}
