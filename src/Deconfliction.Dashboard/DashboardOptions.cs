namespace Deconfliction.Dashboard;

/// <summary>How the operations pages are set up.</summary>
public sealed record DashboardOptions
{
    /// <summary>Key of the pseudonyms of identifiers, 32 bytes, from the key ring: the same on all nodes.</summary>
    public required ReadOnlyMemory<byte> PseudonymKey { get; init; }

    /// <summary>
    /// The header in which a reverse proxy that has authenticated somebody names them; nothing where there is none. It counts only in
    /// requests that carry an access token as bearer: that is how the proxy itself is known.
    /// </summary>
    public string? ProxyHeader { get; init; }

    /// <summary>Whether the address is served with TLS: then cookies are for TLS only.</summary>
    public required bool IsTls { get; init; }

    /// <summary>A secret that the operator put into a file, for programs: a viewer's. Nothing where there is none.</summary>
    public string? Token { get; init; }

    /// <summary>A further page for those who are signed in, as JSON; nothing where there is none at a path.</summary>
    public Func<string, CancellationToken, Task<string?>>? MorePages { get; init; }
}
