using Deconfliction.Domain.Deciding;

namespace Deconfliction.Grid;

/// <summary>The grid's periods and limits. Defaults are DESIGN.md's.</summary>
public sealed record GridOptions
{
    /// <summary>Periods and limits of the rules.</summary>
    public Policy Policy { get; init; } = new();

    /// <summary>Identifiers held in memory at most.</summary>
    public int MaximumActors { get; init; } = 200_000;

    /// <summary>Bytes that they may weigh together, by estimate.</summary>
    public long MaximumActorBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Solo: an idle identifier that weighs no more than this is let go at once; the next decision reads it again for next to nothing.</summary>
    public long LetGoBytes { get; init; } = 8 * 1024;

    /// <summary>Snapshots are written of identifiers with more live claims than this.</summary>
    public int SnapshotAbove { get; init; } = 1_000;

    /// <summary>So many changes of claims make a new snapshot worth its while; what changed since is read from the ledger.</summary>
    public int SnapshotAfterChanges { get; init; } = 1_000;

    /// <summary>How long after one snapshot of an identifier the next is written at the earliest.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Turns waiting for one identifier at most, in each lane; one more is shed.</summary>
    public int MaximumQueuePerActor { get; init; } = 1_000;

    /// <summary>Turns waiting for all identifiers together at most, in each lane; one more is shed.</summary>
    public int MaximumQueue { get; init; } = 50_000;

    /// <summary>What those who are shed are told to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a quiet feed waits before it says where its head is.</summary>
    public TimeSpan FeedHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often agencies are looked for whose alerts nobody numbered.</summary>
    public TimeSpan AlertSweepInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often claims are looked for that have expired or soon will.</summary>
    public TimeSpan ExpirySweepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often what has had its time is purged.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often certificates are looked for that end soon.</summary>
    public TimeSpan CertificateSweepInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long before its end an agency is told of a certificate.</summary>
    public TimeSpan CertificateNotice { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the agencies are read again; a revocation elsewhere is noticed within it (60 s at most).</summary>
    public TimeSpan DirectoryRefreshInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long ended claims, their overlaps and acknowledged alerts are kept.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long audit entries are kept.</summary>
    public TimeSpan KeepAudit { get; init; } = TimeSpan.FromDays(5 * 365.25);

    /// <summary>How long a stop waits for turns that have begun.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Says no to what cannot work.</summary>
    /// <exception cref="InvalidOperationException">A value is out of its range; the message names it and its range.</exception>
    public GridOptions Validated()
    {
        AtLeast(MaximumActors, 1, nameof(MaximumActors));
        AtLeast(MaximumActorBytes, 1, nameof(MaximumActorBytes));
        AtLeast(LetGoBytes, 0, nameof(LetGoBytes));
        AtLeast(SnapshotAbove, 0, nameof(SnapshotAbove));
        AtLeast(SnapshotAfterChanges, 1, nameof(SnapshotAfterChanges));
        AtLeast(MaximumQueuePerActor, 1, nameof(MaximumQueuePerActor));
        AtLeast(MaximumQueue, 1, nameof(MaximumQueue));
        foreach (var (name, value) in Periods())
        {
            if (value <= TimeSpan.Zero)
            {
                throw Refused($"{name} is {value}; it must be longer than nothing.");
            }
        }

        return DirectoryRefreshInterval <= TimeSpan.FromSeconds(60)
            ? this
            : throw Refused(
                $"{nameof(DirectoryRefreshInterval)} is {DirectoryRefreshInterval}; at most 60 s, so that a revoked agency is cut in time.");
    }

    private static InvalidOperationException Refused(string message) => new(message);

    private static void AtLeast(long value, long least, string name)
    {
        if (value < least)
        {
            throw Refused($"{name} is {value}; it must be at least {least}.");
        }
    }

    private IEnumerable<(string Name, TimeSpan Value)> Periods() =>
    [
        (nameof(RetryAfter), RetryAfter), (nameof(FeedHeartbeat), FeedHeartbeat), (nameof(AlertSweepInterval), AlertSweepInterval),
        (nameof(ExpirySweepInterval), ExpirySweepInterval), (nameof(PurgeInterval), PurgeInterval),
        (nameof(CertificateSweepInterval), CertificateSweepInterval), (nameof(CertificateNotice), CertificateNotice),
        (nameof(DirectoryRefreshInterval), DirectoryRefreshInterval), (nameof(KeepEnded), KeepEnded), (nameof(KeepAudit), KeepAudit),
        (nameof(DrainTimeout), DrainTimeout), (nameof(SnapshotInterval), SnapshotInterval),
    ];
}
