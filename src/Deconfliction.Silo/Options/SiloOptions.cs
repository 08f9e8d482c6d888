using System.Net;
using Deconfliction.Server.Options;

namespace Deconfliction.Silo.Options;

/// <summary>What an operator sets for a silo, read and validated.</summary>
internal sealed record SiloOptions
{
    /// <summary>What it has in common with the server.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>Where other silos reach this one.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Its name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string ClusterId { get; init; }

    /// <summary>File of its certificate and key for other silos.</summary>
    public required string IdentityFile { get; init; }

    /// <summary>File of the certificate of the silos' authority.</summary>
    public required string AuthorityFile { get; init; }

    /// <summary>Where Orleans' tables are. Secret: it may hold a password.</summary>
    public required string OrleansConnection { get; init; }

    /// <summary>The ledger's connection string. Secret.</summary>
    public string Connection => Server.Connection!;
}
