using System.Security.Cryptography;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Tests.Deciding.Snapshots;

/// <summary>The claims' rows as a ledger keeps them, each with the version of its last change, and the snapshots taken so far.</summary>
internal sealed class SnapshotLedger
{
    public static readonly Tag Tag = new(SHA256.HashData("tag"u8));
    private static readonly Guid s_history = Guid.Parse("0f0e0d0c-0b0a-0908-0706-050403020100");
    private readonly Dictionary<Guid, (Claim Claim, long Version)> _rows = [];
    private readonly List<Snapshot> _snapshots = [];

    public static SnapshotStamp Stamp(long version) => new(Tag, Guid.Empty, s_history, version, Bench.Start);

    public static Snapshot Written(ClaimCapture capture) =>
        Snapshot.TryOpen(capture.Write(s_history).Bytes.ToArray(), Tag) ?? throw new InvalidOperationException("It is not sound.");

    public void Commit(IReadOnlyList<IdentifierEvent> facts, long version)
    {
        foreach (var fact in facts)
        {
            if (ClaimOf(fact) is { } claim)
            {
                _rows[claim.Id] = (claim, version);
            }
        }
    }

    public void Keep(Snapshot snapshot) => _snapshots.Add(snapshot);

    /// <summary>The state as one of the snapshots and the tail after it give it.</summary>
    public IdentifierState Resume(Random random, long version, string? hazard, bool isCrowd)
    {
        var snapshot = _snapshots[random.Next(_snapshots.Count)];
        return IdentifierState.Resume(snapshot, version, hazard, isCrowd, Tail(snapshot.Stamp.Version));
    }

    public IdentifierState Whole(long version, string? hazard, bool isCrowd) => IdentifierState.Restore(
        version, hazard, isCrowd, _rows.Values.Select(row => row.Claim).Where(claim => claim.EndReason == EndReason.None));

    private List<Claim> Tail(long after) => [.. _rows.Values.Where(row => row.Version > after).Select(row => row.Claim)];

    private static Claim? ClaimOf(IdentifierEvent fact) => fact switch
    {
        IdentifierEvent.ClaimMade made => made.Claim,
        IdentifierEvent.ClaimChanged changed => changed.Claim,
        IdentifierEvent.ClaimEnded ended => ended.Claim,
        _ => null,
    };
}
