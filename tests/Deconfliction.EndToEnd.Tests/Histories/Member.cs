using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;

namespace Deconfliction.EndToEnd.Tests.Histories;

/// <summary>An agency as a program: the typed client under its identity.</summary>
public sealed class Member : IAsyncDisposable
{
    private readonly AgencyIdentity _identity;

    private Member(string agency, AgencyIdentity identity, GridClient client) => (Agency, _identity, Client) = (agency, identity, client);

    /// <summary>Its id.</summary>
    public string Agency { get; }

    /// <summary>Its client.</summary>
    public GridClient Client { get; }

    /// <summary>Connects by an identity file.</summary>
    public static Member Connect(string agency, string url, string identityFile, string authorityFile, TimeSpan? timeout = null)
    {
        var identity = AgencyIdentity.Load(identityFile);
        return new Member(agency, identity, GridClient.Connect(new GridClientOptions
        {
            Server = new Uri(url),
            Identity = identity.Certificate,
            Authorities = AgencyIdentity.LoadAuthorities(authorityFile),
            RequestedBy = "officer-7",
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
        }));
    }

    /// <summary>The feed from its beginning, up to where it now ends.</summary>
    public async Task<IReadOnlyList<Alert>> ReadFeedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var alerts = new List<Alert>();
        await foreach (var message in Client.Alerts.StreamAsync(new StreamAlertsRequest(), limit.Token))
        {
            if (message.Alert is { } alert)
            {
                alerts.Add(alert);
            }
            else if (message.Heartbeat.HeadPosition <= (alerts.Count == 0 ? 0 : alerts[^1].Position))
            {
                break;
            }
        }

        return alerts;
    }

    /// <summary>Its part of the final state.</summary>
    public async Task<FinalState> ReadFinalStateAsync()
    {
        var claims = new List<FinalClaim>();
        await foreach (var claim in Client.Claims.ListAsync(new ListClaimsRequest(), CancellationToken.None))
        {
            claims.Add(new FinalClaim(Agency, Guid.Parse(claim.Claim_), claim.Identifier, claim.State == ClaimState.Live));
        }

        var overlaps = new List<FinalOverlap>();
        await foreach (var overlap in Client.Overlaps.ListAsync(new ListOverlapsRequest(), CancellationToken.None))
        {
            overlaps.Add(new FinalOverlap(Agency, Guid.Parse(overlap.Overlap), Guid.Parse(overlap.Claim), overlap.OtherAgency, overlap.OtherCase));
        }

        var alerts = (await ReadFeedAsync()).Select(alert => new FinalAlert(
            Agency, alert.Position, alert.AlertKind == AlertKind.OverlapFound ? "OVERLAP_FOUND" : alert.AlertKind.ToString(), Guid.TryParse(alert.Overlap?.Overlap, out var id) ? id : Guid.Empty));
        return new FinalState(claims, overlaps, [.. alerts], []);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _identity.Dispose();
    }
}
