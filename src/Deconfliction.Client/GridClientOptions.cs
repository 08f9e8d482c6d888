using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Client;

/// <summary>How to reach the grid, and as whom.</summary>
public sealed record GridClientOptions
{
    /// <summary>The grid's address: <c>https://HOST:PORT</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The agency's certificate with its private key.</summary>
    public required X509Certificate2 Identity { get; init; }

    /// <summary>The only authorities that the server's certificate may come from; empty for the system's.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>The officer's reference for requests that name none; the agency's own and opaque, at most 128 bytes.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>How long one unary request may take in all, its repetitions included. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
