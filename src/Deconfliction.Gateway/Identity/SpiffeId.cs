using System.Buffers;
using Deconfliction.Domain.Agencies;

namespace Deconfliction.Gateway.Identity;

/// <summary>A SPIFFE trust domain: lower-case letters, digits, dots, hyphens and underscores, at most 255 (SPIFFE-ID, section 2.1).</summary>
public readonly record struct TrustDomain
{
    private static readonly SearchValues<char> s_characters = SearchValues.Create("-.0123456789_abcdefghijklmnopqrstuvwxyz");

    private TrustDomain(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The domain's own SPIFFE URI, which an authority's certificate carries.</summary>
    public string Uri => SpiffeId.Scheme + Name;

    /// <summary>Reads a name; says no by <see langword="false"/>.</summary>
    public static bool TryParse(string? text, out TrustDomain domain)
    {
        domain = default;
        if (text is null || !IsWellFormed(text))
        {
            return false;
        }

        domain = new TrustDomain(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Name ?? "";

    private static bool IsWellFormed(string text) =>
        text.Length is >= 1 and <= 255 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && !text.AsSpan().ContainsAnyExcept(s_characters);
}

/// <summary>An agency's name in the world: <c>spiffe://TRUST-DOMAIN/agency/ID</c>.</summary>
/// <param name="Domain">Who vouches for it.</param>
/// <param name="Agency">The agency.</param>
public readonly record struct SpiffeId(TrustDomain Domain, AgencyId Agency)
{
    internal const string Scheme = "spiffe://";
    private const string Folder = "/agency/";

    /// <summary>The URI.</summary>
    public string Uri => $"{Scheme}{Domain}{Folder}{Agency}";

    /// <summary>Reads a URI to the letter: nothing is decoded, folded or left out, so that no two texts mean the same agency.</summary>
    public static bool TryParse(string uri, out SpiffeId id)
    {
        ArgumentNullException.ThrowIfNull(uri);
        id = default;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = uri[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !rest.AsSpan(slash).StartsWith(Folder, StringComparison.Ordinal)
            || !TrustDomain.TryParse(rest[..slash], out var domain)
            || !AgencyId.TryParse(rest[(slash + Folder.Length)..], out var agency))
        {
            return false;
        }

        id = new SpiffeId(domain, agency);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Uri;
}
