using System.Net;
using Deconfliction.Domain.Claims;
using Deconfliction.Gateway.Identity;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Options;

/// <summary>Which database holds the record.</summary>
internal enum StoreKind
{
    /// <summary>Embedded, in the data folder.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or newer.</summary>
    Postgres,
}

/// <summary>What an operator sets, read and validated.</summary>
internal sealed record ServerOptions
{
    public required string Data { get; init; }

    public required IPEndPoint Listen { get; init; }

    public required IPEndPoint Ops { get; init; }

    /// <summary>Whether the pages of health may be read from other machines: balancers and probes need it.</summary>
    public required bool OpsOnNetwork { get; init; }

    /// <summary><c>off</c>, <c>server</c>, or a PEM file with a certificate and its key.</summary>
    public string OpsTls { get; init; } = "off";

    /// <summary>A file with a secret that lets programs look.</summary>
    public string? OpsToken { get; init; }

    /// <summary>The header in which a reverse proxy names people; none unless it is set.</summary>
    public string? OpsProxyHeader { get; init; }

    public required StoreKind Store { get; init; }

    /// <summary>Secret: it may hold a password.</summary>
    public string? Connection { get; init; }

    public required TrustDomain TrustDomain { get; init; }

    public IReadOnlyList<string> ServerNames { get; init; } = [];

    public IReadOnlyList<TrustedAuthority> Authorities { get; init; } = [];

    public IReadOnlyList<string> Hazards { get; init; } = [];

    public required Disclosure DefaultDisclosure { get; init; }

    public required long ChecksPerMinute { get; init; }

    public required long ClaimsPerMinute { get; init; }

    public required int ClaimDays { get; init; }

    public required int MaximumClaimDays { get; init; }

    public required int ExpiryNoticeDays { get; init; }

    public required int CertificateNoticeDays { get; init; }

    public required int MaximumWindowDays { get; init; }

    public required int CrowdCap { get; init; }

    public required int CrowdReopensBelow { get; init; }

    public required int KeepEndedDays { get; init; }

    public required int KeepAuditDays { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>Where the keys lie, if not under <see cref="Data"/>.</summary>
    public string? Keys { get; init; }

    /// <summary>Where the certificates lie, if not under <see cref="Data"/>.</summary>
    public string? Pki { get; init; }

    public string KeysFolder => Keys ?? Path.Combine(Data, "keys");

    public string PkiFolder => Pki ?? Path.Combine(Data, "pki");

    public string StoreFile => Path.Combine(Data, "store", "ledger.db");
}
