using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Deconfliction.Rpc;

/// <summary>What a connection may cost. Memory of a connection is bounded by its window and its header limit.</summary>
public sealed record RpcKestrelLimits
{
    /// <summary>Calls at the same time on a connection. Default 256.</summary>
    public int MaxConcurrentStreams { get; init; } = 256;

    /// <summary>Connections at the same time; null for no limit. Default 10,000.</summary>
    public long? MaxConnections { get; init; } = 10_000;

    /// <summary>After this long without a frame the client is pinged, so that a vanished one is noticed. Default 20 s.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After this long without an answer to a ping the connection is closed. Default 10 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest header block, in bytes. Default 16 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 16 * 1024;

    /// <summary>The most headers of a request. Default 64.</summary>
    public int MaxHeaders { get; init; } = 64;

    /// <summary>What a client may send ahead on one stream, in bytes. Default 256 KiB.</summary>
    public int StreamWindowBytes { get; init; } = 256 * 1024;

    /// <summary>What a client may send ahead on a connection, in bytes. Default 1 MiB.</summary>
    public int ConnectionWindowBytes { get; init; } = 1024 * 1024;
}

/// <summary>Applies <see cref="RpcKestrelLimits"/>.</summary>
public static class RpcKestrel
{
    /// <summary>Sets Kestrel's limits for gRPC.</summary>
    public static void UseRpcLimits(this KestrelServerOptions kestrel, RpcKestrelLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        limits ??= new RpcKestrelLimits();
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.MaxHeaders;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = limits.MaxConcurrentStreams;
        http2.KeepAlivePingDelay = limits.KeepAlivePingDelay;
        http2.KeepAlivePingTimeout = limits.KeepAlivePingTimeout;
        http2.MaxRequestHeaderFieldSize = limits.MaxHeaderBytes;
        http2.InitialStreamWindowSize = limits.StreamWindowBytes;
        http2.InitialConnectionWindowSize = limits.ConnectionWindowBytes;
    }
}
