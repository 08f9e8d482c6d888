using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Grid.Tests.Setup;

/// <summary>A grid over a ledger with faults, asked in the words of the tests.</summary>
public sealed class TestGrid : IAsyncDisposable
{
    private TestGrid(FaultyLedger ledger, SoloGrid solo)
    {
        Ledger = ledger;
        Solo = solo;
    }

    public FaultyLedger Ledger { get; }

    public SoloGrid Solo { get; }

    public IGrid Grid => Solo.Grid;

    public static async Task<TestGrid> StartAsync(ILedger ledger, GridOptions options)
    {
        var faulty = new FaultyLedger(ledger);
        var solo = await SoloGrid.StartAsync(faulty, options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new TestGrid(faulty, solo);
    }

    public static AgencyId Agency(string id) => AgencyId.Parse(id);

    public static TagKey Key(string value) => new(new Tag(SHA256.HashData(Encoding.UTF8.GetBytes(value))), 1);

    /// <summary>A request of an agency; the payload stands for what the gateway hashes.</summary>
    public static RequestContext Request(
        string agency,
        Guid? requestId = null,
        string payload = "payload",
        Lane lane = Lane.Interactive,
        AgencyRole role = AgencyRole.LawEnforcement) => new(
        new Caller(Agency(agency), role, "01ab"),
        "officer-1",
        requestId ?? Guid.NewGuid(),
        SHA256.HashData(Encoding.UTF8.GetBytes(payload)),
        lane);

    /// <summary>A read of an agency: it has no request id.</summary>
    public static RequestContext Read(string agency) => Request(agency) with { RequestId = null, PayloadHash = default };

    public Task<Answer> ClaimAsync(
        string agency,
        string value,
        string caseReference = "case-1",
        Disclosure disclosure = Disclosure.Open,
        TimeSpan? lifetime = null,
        string? hazard = null,
        RequestContext? request = null,
        CancellationToken cancellationToken = default)
    {
        request ??= Request(agency);
        var draft = new Claim
        {
            Id = Solo.Ids.Next(Ledger.Now),
            Agency = Agency(agency),
            Role = request.Caller.Role,
            Case = caseReference,
            RequestedBy = request.RequestedBy,
            Disclosure = disclosure,
            Sealed = Encoding.UTF8.GetBytes($"sealed {value}"),
        };
        return Grid.MakeClaimAsync(Key(value), new Command.MakeClaim(draft, lifetime, hazard), request, cancellationToken);
    }

    public Task<Answer> CheckAsync(string agency, string value, RequestContext? request = null, string? hazard = null) =>
        Grid.CheckAsync(
            Key(value),
            new Command.Check(Agency(agency), AgencyRole.LawEnforcement, "case-c", "triage", Window: null, Port: null, hazard),
            request ?? Request(agency),
            CancellationToken.None);

    public Task<Answer> ReleaseAsync(string agency, Guid claimId, RequestContext? request = null) =>
        Grid.ReleaseClaimAsync(claimId, request ?? Request(agency), CancellationToken.None);

    public Task<Answer> ActAsync(string agency, Guid overlapId, OverlapAction action, Outcome outcome = Outcome.None) =>
        Grid.ActOnOverlapAsync(overlapId, action, outcome, Request(agency), CancellationToken.None);

    public Task<IReadOnlyList<VisibleOverlap>> OverlapsAsync(string agency, int limit = 1_000) =>
        Grid.ListOverlapsAsync(new OverlapQuery(Agency(agency), After: null, limit), Read(agency), CancellationToken.None);

    /// <summary>Reads a feed until it has so many alerts.</summary>
    public async Task<List<FeedItem>> FeedAsync(string agency, long after, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var items = new List<FeedItem>();
        await foreach (var item in Grid.ReadFeedAsync(after, Read(agency), limit.Token))
        {
            if (item.Entry is not null)
            {
                items.Add(item);
            }

            if (items.Count >= count)
            {
                break;
            }
        }

        return items;
    }

    public ValueTask DisposeAsync() => Solo.DisposeAsync();
}
