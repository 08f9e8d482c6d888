using System.Diagnostics.CodeAnalysis;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Appending;

/// <summary>
/// The rules of a group, the same for both databases: who wins, who is stale, who is a replay, and what the winners write.
/// The store reads <see cref="Tags"/>, <see cref="LateTags"/> and <see cref="Requests"/>, has the plan decide, and binds the rows.
/// </summary>
internal sealed class GroupPlan(IReadOnlyList<GroupItem> items)
{
    private static readonly AppendOutcome s_stale = new AppendOutcome.Stale();
    private static readonly AppendOutcome s_declined = new AppendOutcome.Declined();

    /// <summary>The identifiers whose versions are confirmed, in tag order, which is the order to lock them in; found anew each time.</summary>
    public IReadOnlyCollection<Tag> Tags => new SortedSet<Tag>(items.Where(static item => item.Append is not null).Select(static item => item.Append!.Tag));

    /// <summary>The identifiers that are read whole, for decisions to be made, in tag order; found anew each time.</summary>
    public IReadOnlyCollection<Tag> LateTags => new SortedSet<Tag>(items.Where(static item => item.Late is not null).Select(static item => item.Late!.Tag));

    /// <summary>The request ids concerned, in order; found anew each time, because not every group asks.</summary>
    public IReadOnlyCollection<RequestKey> Requests => [.. items.Select(static item => item.Key).OfType<RequestKey>().Distinct().Order()];

    /// <summary>
    /// Decides each item in order. A request id wins over a stale version: what was done before is answered, whatever the version
    /// is now. Within the group the first use of a request id counts if it wins, and one change of an identifier.
    /// </summary>
    /// <param name="read">What the database has of what is concerned, under lock where it is to change.</param>
    /// <param name="chain">Gives the winners' audit entries their number and hash.</param>
    /// <param name="now">The transaction's time, in whole microseconds.</param>
    public GroupRows Decide(GroupRead read, AuditChain chain, DateTimeOffset now)
    {
        var outcomes = new AppendOutcome[items.Count];
        var rows = new GroupRows { Outcomes = outcomes };
        var changed = new HashSet<Tag>();
        var used = new Dictionary<RequestKey, AuditDraft>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var key = item.Key;
            if (!TryDecide(item, read, now, out var append, out var problem))
            {
                outcomes[i] = new AppendOutcome.Failed(problem);
                continue;
            }

            if (key is { } request && Original(request, read, used, now) is { } original)
            {
                outcomes[i] = new AppendOutcome.Replayed(original);
                continue;
            }

            long version = 0;
            if (append is not null)
            {
                StoredIdentifier? stored = read.Identifiers.TryGetValue(append.Tag, out var found) ? found : null;
                if (IsStale(append, stored, changed))
                {
                    outcomes[i] = s_stale;
                    continue;
                }

                version = append.ChangesState ? append.ExpectedVersion + 1 : append.ExpectedVersion;
                if (append.ChangesState)
                {
                    changed.Add(append.Tag);
                    AppendRows.AddIdentifier(rows, append, stored);
                }

                AppendRows.AddFacts(rows, append);
            }
            else if (item.Late is not null)
            {
                outcomes[i] = s_declined;
                continue;
            }

            if (item.Extra is { } extra)
            {
                AppendRows.AddExtra(rows, extra);
            }

            var audit = append?.Audit ?? item.Audit!;
            rows.Audit.Add(chain.Add(audit, now));
            outcomes[i] = new AppendOutcome.Committed(version);
            if (key is { } fresh)
            {
                used.Add(fresh, audit);
            }
        }

        rows.NewIdentifiers.Sort(static (left, right) => left.Tag.CompareTo(right.Tag));
        rows.ChangedIdentifiers.Sort(static (left, right) => left.Tag.CompareTo(right.Tag));
        return rows;
    }

    /// <summary>What is kept of a request once it is recorded.</summary>
    public static RecordedRequest Record(RequestKey key, AuditDraft draft, DateTimeOffset at) =>
        new(key.Agency, key.RequestId, draft.Operation, draft.PayloadHash, draft.Subjects, draft.Result, at);

    /// <summary>Refuses an append that contradicts itself, before it can harm the group that it would be in.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Validate(Append append)
    {
        Validate(append.Audit);
        if (append.ExpectedVersion < 0)
        {
            throw new ArgumentException($"A version is 0 or more; {append.ExpectedVersion} was expected.", nameof(append));
        }

        if (append.IdentifierId == Guid.Empty && append.ChangesState)
        {
            throw new ArgumentException("A change needs the identifier's surrogate id; it is empty.", nameof(append));
        }

        for (var i = 0; i < append.Events.Count; i++)
        {
            var fact = append.Events[i];
            StorableText.Confirm(fact);
            if (fact is IdentifierEvent.ClaimMade { Claim.IsSealedApart: true })
            {
                throw new ArgumentException("A new claim comes with its sealed part; nothing else has it.", nameof(append));
            }

            if (fact is not IdentifierEvent.AlertRaised && !append.ChangesState)
            {
                throw new ArgumentException(
                    $"{fact.GetType().Name} changes state, but the append says that it changes none.", nameof(append));
            }
        }
    }

    /// <summary>Refuses a decision that contradicts itself, or what was asked.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Validate(LateAppend late, Append? append)
    {
        if (append is null)
        {
            return;
        }

        Validate(append);
        if (append.Tag != late.Tag || append.Audit.Agency != late.Agency || append.Audit.RequestId != late.RequestId)
        {
            throw new ArgumentException("The decision is of another identifier or request than was asked for.", nameof(append));
        }

        if (append.ChangesState && !late.MayChange)
        {
            throw new ArgumentException("The decision changes an identifier that was not locked for it.", nameof(append));
        }
    }

    /// <summary>Refuses a draft that contradicts itself.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void Validate(AuditDraft draft)
    {
        StorableText.Confirm(draft);
        if (draft.RequestId is not null && draft.PayloadHash.Length != 32)
        {
            throw new ArgumentException(
                $"A request id goes with a payload hash of 32 bytes; this one has {draft.PayloadHash.Length}.", nameof(draft));
        }
    }

    // Decided also where the request turns out to be a replay: what is now goes into its answer.
    private static bool TryDecide(
        GroupItem item, GroupRead read, DateTimeOffset now, out Append? append, [NotNullWhen(false)] out Exception? problem)
    {
        (append, problem) = (item.Append, null);
        if (item.Late is not { } late)
        {
            return true;
        }

        try
        {
            var record = read.Records.TryGetValue(late.Tag, out var found) ? found : IdentifierRecord.Absent(late.Tag);
            append = record.IsLong ? null : late.Decide(record, now);
            Validate(late, append);
            return true;
        }
        catch (Exception thrown)
        {
            // Not hidden: it is its caller's answer.
            problem = thrown;
            return false;
        }
    }

    // What was recorded under a request id: before, or by an earlier item of the group.
    private static RecordedRequest? Original(RequestKey key, GroupRead read, Dictionary<RequestKey, AuditDraft> used, DateTimeOffset now) =>
        read.Requests.TryGetValue(key, out var before) ? before : used.TryGetValue(key, out var draft) ? Record(key, draft, now) : null;

    private static bool IsStale(Append append, StoredIdentifier? stored, HashSet<Tag> changed)
    {
        if (changed.Contains(append.Tag))
        {
            return true;
        }

        return stored is { } found
            ? found.Version != append.ExpectedVersion || (found.Id != append.IdentifierId && append.ChangesState)
            : append.ExpectedVersion != 0;
    }
}
