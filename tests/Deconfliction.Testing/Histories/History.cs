using System.Collections.Concurrent;

namespace Deconfliction.Testing.Histories;

/// <summary>What a client did.</summary>
public enum Did
{
    /// <summary>Made a claim, OPEN and in a case of its own.</summary>
    Claim,

    /// <summary>Checked.</summary>
    Check,

    /// <summary>Released a claim.</summary>
    Release,

    /// <summary>Changed a claim's contact.</summary>
    Update,

    /// <summary>Moved a claim's expiry.</summary>
    Renew,
}

/// <summary>
/// One operation as its client saw it: when it first asked, when it had the answer (retries with the same request id lie
/// between), and what the answer was. Times are ticks of one monotonic clock.
/// </summary>
public sealed record Operation
{
    /// <summary>What.</summary>
    public required Did Did { get; init; }

    /// <summary>Who.</summary>
    public required string Agency { get; init; }

    /// <summary>On what.</summary>
    public required string Identifier { get; init; }

    /// <summary>By which request id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it was first asked.</summary>
    public required long Asked { get; init; }

    /// <summary>When it was answered.</summary>
    public required long Answered { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>The claim made, changed or released.</summary>
    public Guid Claim { get; init; }

    /// <summary>Who else works on it, by the answer of a claim or check: one entry for each claim disclosed, as agency and case.</summary>
    public IReadOnlyList<(string Agency, string Case)> Told { get; init; } = [];

    /// <summary>Whether the answer said that there was nothing to disclose; nothing where it has no such notice.</summary>
    public bool? NothingToDisclose { get; init; }

    /// <summary>The case of a claim or check: no two have the same.</summary>
    public string Case { get; init; } = "";

    /// <summary>The contact that an update wrote.</summary>
    public string Contact { get; init; } = "";

    /// <summary>The expiry that a claim or renewal was answered with.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>All operations of all clients of a run.</summary>
public sealed class History
{
    private readonly ConcurrentQueue<Operation> _operations = new();

    /// <summary>What was done.</summary>
    public IReadOnlyList<Operation> Operations => [.. _operations];

    /// <summary>How many there are.</summary>
    public int Count => _operations.Count;

    /// <summary>Adds one that was answered.</summary>
    public void Add(Operation operation) => _operations.Enqueue(operation);
}

/// <summary>What the grid says in the end, read through its protocol.</summary>
/// <param name="Claims">Every agency's claims.</param>
/// <param name="Overlaps">Every agency's overlaps.</param>
/// <param name="Alerts">Every agency's feed.</param>
/// <param name="Audited">Agency and request id of every audit entry that has one.</param>
public sealed record FinalState(
    IReadOnlyList<FinalClaim> Claims,
    IReadOnlyList<FinalOverlap> Overlaps,
    IReadOnlyList<FinalAlert> Alerts,
    IReadOnlyList<(string Agency, Guid RequestId)> Audited);

/// <summary>A claim in its owner's list.</summary>
public sealed record FinalClaim(string Agency, Guid Claim, string Identifier, bool IsLive)
{
    /// <summary>Whom it names.</summary>
    public string Contact { get; init; } = "";

    /// <summary>When it expires, or would have.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An overlap in one side's list.</summary>
public sealed record FinalOverlap(string Agency, Guid Overlap, Guid OwnClaim, string OtherAgency, string OtherCase);

/// <summary>An alert in a feed.</summary>
public sealed record FinalAlert(string Agency, long Position, string Kind, Guid Overlap)
{
    /// <summary>Who acted; empty where nobody is named.</summary>
    public string By { get; init; } = "";

    /// <summary>In which case.</summary>
    public string Case { get; init; } = "";
}
