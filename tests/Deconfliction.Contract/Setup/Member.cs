using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Histories;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Setup;

/// <summary>An agency as a program: its identity, at a node of its own and at every other one.</summary>
public sealed class Member : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly GridUnderTest _grid;
    private readonly AgencyIdentity _identity;
    private readonly ConcurrentDictionary<string, Lazy<GridClient>> _clients = new();
    private readonly ConcurrentDictionary<string, Lazy<RpcChannel>> _channels = new();

    /// <summary>Connects by an identity file.</summary>
    public Member(string agency, GridUnderTest grid, string url, string identityFile)
    {
        (Agency, _grid, Url) = (agency, grid, url);
        _identity = AgencyIdentity.Load(identityFile);
    }

    /// <summary>Its id.</summary>
    public string Agency { get; }

    /// <summary>Its own node's address.</summary>
    public string Url { get; }

    /// <summary>Its client at its own node.</summary>
    public GridClient Client => At(Url);

    /// <summary>Its client at the node after its own; at its own where there is no other.</summary>
    public GridClient Elsewhere => At(Others[0]);

    /// <summary>The addresses of the nodes, beginning after its own, which is the last.</summary>
    public IReadOnlyList<string> Others
    {
        get
        {
            var nodes = _grid.Nodes;
            var own = nodes.TakeWhile(node => node.Url != Url).Count();
            return [.. Enumerable.Range(1, nodes.Count).Select(step => nodes[(own + step) % nodes.Count].Url)];
        }
    }

    /// <summary>The wire at its own node, for what the typed client does not do.</summary>
    public RpcChannel Channel => ChannelAt(Url);

    /// <summary>Its certificate, with the key.</summary>
    public X509Certificate2 Certificate => _identity.Certificate;

    /// <summary>Its client at a node.</summary>
    public GridClient At(NodeProcess node) => At(node.Url);

    /// <summary>Its client at an address.</summary>
    public GridClient At(string url) => _clients.GetOrAdd(url, address => new Lazy<GridClient>(() => GridClient.Connect(new GridClientOptions
    {
        Server = new Uri(address),
        Identity = _identity.Certificate,
        Authorities = AgencyIdentity.LoadAuthorities(_grid.AuthorityFile),
        RequestedBy = Requests.Officer,
        Timeout = Timeout,
    }))).Value;

    /// <summary>The wire at an address.</summary>
    public RpcChannel ChannelAt(string url) => _channels.GetOrAdd(url, address => new Lazy<RpcChannel>(() => new RpcChannel(
        new Uri(address),
        new RpcChannelOptions
        {
            ClientCertificate = _identity.Certificate,
            TrustedAuthorities = AgencyIdentity.LoadAuthorities(_grid.AuthorityFile),
            UnaryTimeout = Timeout,
        }))).Value;

    /// <summary>The feed from its beginning, up to where it now ends.</summary>
    public Task<IReadOnlyList<Alert>> ReadFeedAsync() => ReadFeedAsync(Client);

    /// <summary>The feed by one of its clients, from after a position up to where it now ends.</summary>
    public static async Task<IReadOnlyList<Alert>> ReadFeedAsync(GridClient client, long after = 0)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var alerts = new List<Alert>();
        await foreach (var message in client.Alerts.StreamAsync(new StreamAlertsRequest { AfterPosition = after }, limit.Token))
        {
            if (message.Alert is { } alert)
            {
                alerts.Add(alert);
            }
            else if (message.Heartbeat.HeadPosition <= (alerts.Count == 0 ? after : alerts[^1].Position))
            {
                break;
            }
        }

        return alerts;
    }

    /// <summary>Its part of the final state.</summary>
    public async Task<FinalState> ReadFinalStateAsync(GridClient? by = null)
    {
        var client = by ?? Client;
        var claims = new List<FinalClaim>();
        await foreach (var claim in client.Claims.ListAsync(new ListClaimsRequest(), CancellationToken.None))
        {
            claims.Add(new FinalClaim(Agency, Guid.Parse(claim.Claim_), claim.Identifier, claim.State == ClaimState.Live)
            {
                Contact = claim.Contact,
                ExpiresAt = claim.ExpireTime.ToDateTimeOffset(),
            });
        }

        var overlaps = new List<FinalOverlap>();
        await foreach (var overlap in client.Overlaps.ListAsync(new ListOverlapsRequest(), CancellationToken.None))
        {
            overlaps.Add(new FinalOverlap(Agency, Guid.Parse(overlap.Overlap), Guid.Parse(overlap.Claim), overlap.OtherAgency, overlap.OtherCase));
        }

        return new FinalState(claims, overlaps, [.. (await ReadFeedAsync(client)).Select(Final)], []);
    }

    /// <summary>An alert as the checker of histories knows it.</summary>
    public FinalAlert Final(Alert alert) => new(
        Agency,
        alert.Position,
        alert.AlertKind switch
        {
            AlertKind.OverlapFound => "OVERLAP_FOUND",
            AlertKind.ClaimChecked => "CLAIM_CHECKED",
            var other => other.ToString(),
        },
        Guid.TryParse(alert.Overlap?.Overlap, out var id) ? id : Guid.Empty)
    {
        By = alert.Counterpart?.Agency ?? "",
        Case = alert.Counterpart?.CaseReference ?? "",
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.Value.DisposeAsync();
        }

        foreach (var channel in _channels.Values)
        {
            channel.Value.Dispose();
        }

        _identity.Dispose();
    }
}
