using System.Diagnostics.CodeAnalysis;
using Deconfliction.Gateway.Identity;

namespace Deconfliction.Silo.Identity;

/// <summary>A silo's name in the world: <c>spiffe://TRUST-DOMAIN/silo/NAME</c>. It cannot be taken for an agency's.</summary>
internal static class SiloName
{
    /// <summary>What a name is made of.</summary>
    public const string Rule = "lower-case letters, digits and, inside, dots, hyphens and underscores; at most 63";

    private const string Folder = "/silo/";

    /// <summary>Whether it is as <see cref="Rule"/> says, which is as a trust domain is written.</summary>
    public static bool IsValid(string? name) => name is { Length: <= 63 } && TrustDomain.TryParse(name, out _);

    /// <summary>The URI of a silo.</summary>
    public static string Uri(TrustDomain domain, string name) => domain.Uri + Folder + name;

    /// <summary>The URI of the silos' authority.</summary>
    public static string AuthorityUri(TrustDomain domain) => domain.Uri + "/silo";

    /// <summary>Reads a URI to the letter; says no by <see langword="false"/>.</summary>
    public static bool TryRead(TrustDomain domain, string uri, [NotNullWhen(true)] out string? name)
    {
        var prefix = domain.Uri + Folder;
        name = uri.StartsWith(prefix, StringComparison.Ordinal) && IsValid(uri[prefix.Length..]) ? uri[prefix.Length..] : null;
        return name is not null;
    }
}
