using Deconfliction.Client.Agencies;
using Deconfliction.Client.Alerts;
using Deconfliction.Client.Audit;
using Deconfliction.Client.Checks;
using Deconfliction.Client.Claims;
using Deconfliction.Client.Overlaps;
using Deconfliction.Rpc;

namespace Deconfliction.Client;

/// <summary>
/// The grid, as one agency. Safe from any thread; make one and keep it. Every request that leaves a record gets a request_id, so
/// that it is repeated without harm when the server goes away in the middle. Errors are <see cref="GridException"/>; cancelling a
/// token gives <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class GridClient : IAsyncDisposable
{
    private readonly RpcChannel _channel;

    private GridClient(RpcChannel channel, GridClientOptions options)
    {
        _channel = channel;
        var caller = new Caller(channel, options);
        Claims = new ClaimClient(caller);
        Checks = new CheckClient(caller);
        Overlaps = new OverlapClient(caller);
        Alerts = new AlertClient(caller);
        Agencies = new AgencyClient(caller);
        Audit = new AuditClient(caller);
    }

    /// <summary>The agency's claims.</summary>
    public ClaimClient Claims { get; }

    /// <summary>Looking up without claiming.</summary>
    public CheckClient Checks { get; }

    /// <summary>The agency's overlaps.</summary>
    public OverlapClient Overlaps { get; }

    /// <summary>The agency's feed.</summary>
    public AlertClient Alerts { get; }

    /// <summary>The members of the grid; for operators.</summary>
    public AgencyClient Agencies { get; }

    /// <summary>The audit record; for auditors.</summary>
    public AuditClient Audit { get; }

    /// <summary>Makes a client. It connects with its first request.</summary>
    public static GridClient Connect(GridClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var channel = new RpcChannel(options.Server, new RpcChannelOptions
        {
            ClientCertificate = options.Identity,
            TrustedAuthorities = options.Authorities.Count > 0 ? options.Authorities : null,
            UnaryTimeout = options.Timeout,
            UserAgent = "deconflict",
            Time = options.Time,
        });
        return new GridClient(channel, options);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
