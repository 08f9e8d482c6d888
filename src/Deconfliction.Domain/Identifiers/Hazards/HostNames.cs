namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>The host name inside an identifier, and the names above it.</summary>
internal static class HostNames
{
    public static string? Of(Identifier identifier) => identifier.Kind switch
    {
        IdentifierKind.Domain or IdentifierKind.Onion => identifier.Canonical,
        IdentifierKind.Email => identifier.Canonical[(identifier.Canonical.LastIndexOf('@') + 1)..],
        IdentifierKind.Url => OfUrl(identifier.Canonical),
        _ => null,
    };

    public static IEnumerable<string> SelfAndParents(string name)
    {
        yield return name;
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[(dot + 1)..];
        }
    }

    private static string? OfUrl(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var host = url.AsSpan(start + 3);
        var end = host.IndexOfAny("/:?#");
        return (end < 0 ? host : host[..end]).ToString();
    }
}
