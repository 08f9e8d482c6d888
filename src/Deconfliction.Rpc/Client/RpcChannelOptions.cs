using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Rpc;

/// <summary>How a client connects, waits and repeats.</summary>
public sealed record RpcChannelOptions
{
    /// <summary>The client's certificate with its key; null where the server asks for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The certificates between <see cref="ClientCertificate"/> and its authority, where there are any.</summary>
    public X509Certificate2Collection? ClientIntermediates { get; init; }

    /// <summary>The only authorities that the server's certificate may come from; null for the system's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>How long connecting, with the TLS handshake, may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The deadline of unary calls that name none. Default 60 s; null for none.</summary>
    public TimeSpan? UnaryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After this long without a frame the server is pinged while calls are open. Default 20 s.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After this long without an answer to a ping the connection is given up. Default 10 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest response message, in bytes, before and after decompression. Default 4 MiB.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest request message, in bytes, before compression. Default 4 MiB, which is what servers take unless told otherwise.</summary>
    public int MaxSendMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How calls that are safe to repeat are repeated.</summary>
    public RpcRetryPolicy Retry { get; init; } = new();

    /// <summary>What the client calls itself. Default <c>deconfliction-rpc</c>.</summary>
    public string UserAgent { get; init; } = "deconfliction-rpc";

    /// <summary>The clock of deadlines and back-off.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Exponential back-off with full jitter, bounded in attempts and by the call's deadline.</summary>
public sealed record RpcRetryPolicy
{
    /// <summary>All attempts together, the first included. Default 5; 1 repeats nothing.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The upper bound of the first pause. Default 100 ms.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The upper bound of any pause but one the server asks for. Default 5 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause that a server may ask for; one that asks for more is not called again. Default 60 s.</summary>
    public TimeSpan MaxAskedPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where jitter comes from; give a seeded one to repeat a run.</summary>
    public Random Random { get; init; } = Random.Shared;
}

/// <summary>What one call wants that others do not.</summary>
public sealed record RpcCallOptions
{
    /// <summary>No wishes.</summary>
    public static RpcCallOptions Default { get; } = new();

    /// <summary>Custom metadata.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>How long the call may take in all, attempts and pauses together. Sent to the server, and kept here.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether requests are gzipped.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether this call may be repeated; null for what the method says.</summary>
    public bool? RetrySafe { get; init; }
}
