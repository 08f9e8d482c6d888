using System.Runtime.InteropServices;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Ledger.Appending;

/// <summary>Flattens one winning append into the group's rows.</summary>
internal static class AppendRows
{
    /// <summary>The identifier's new row: what the events set, over what the database has.</summary>
    public static void AddIdentifier(GroupRows rows, Append append, StoredIdentifier? stored)
    {
        var hazard = stored?.Hazard;
        var isCrowd = stored?.IsCrowd ?? false;
        for (var i = 0; i < append.Events.Count; i++)
        {
            var fact = append.Events[i];
            switch (fact)
            {
                case IdentifierEvent.HazardChanged change:
                    hazard = change.Reason;
                    break;
                case IdentifierEvent.CrowdChanged change:
                    isCrowd = change.IsCrowd;
                    break;
                default:
                    break;
            }
        }

        var row = new IdentifierRow(append.IdentifierId, append.Tag, append.KeyId, append.ExpectedVersion + 1, hazard, isCrowd);
        (stored is null ? rows.NewIdentifiers : rows.ChangedIdentifiers).Add(row);
    }

    /// <summary>The claims, overlaps and alerts of an append. Two appends of a group never share a claim: one changes an identifier.</summary>
    public static void AddFacts(GroupRows rows, Append append)
    {
        var folded = new Fold(rows, append.IdentifierId, append.ExpectedVersion + 1);
        for (var i = 0; i < append.Events.Count; i++)
        {
            var fact = append.Events[i];
            switch (fact)
            {
                case IdentifierEvent.ClaimMade made:
                    folded.Insert(made.Claim);
                    break;
                case IdentifierEvent.ClaimChanged change:
                    folded.Update(change.Claim);
                    break;
                case IdentifierEvent.ClaimEnded ended:
                    folded.Update(ended.Claim);
                    break;
                case IdentifierEvent.OverlapFound found:
                    folded.Insert(found.Overlap);
                    break;
                case IdentifierEvent.OverlapChanged change:
                    folded.Update(change.Overlap);
                    break;
                case IdentifierEvent.AlertRaised raised:
                    rows.Alerts.Add(raised.Alert);
                    break;
                case IdentifierEvent.HazardChanged or IdentifierEvent.CrowdChanged:
                    break;
                default:
                    throw new InvalidOperationException($"The ledger does not know how to store {fact.GetType().Name}.");
            }
        }
    }

    /// <summary>Rows that go with a recorded operation, one a key.</summary>
    public static void AddExtra(GroupRows rows, IGroupExtra extra)
    {
        switch (extra)
        {
            case SavedAgency saved:
                rows.Alerts.AddRange(saved.Alerts);
                var known = rows.Agencies.FindIndex(agency => agency.Id == saved.Agency.Id);
                if (known < 0)
                {
                    rows.Agencies.Add(saved.Agency);
                    break;
                }

                // The id, the role and the creation of an existing one stay.
                var first = rows.Agencies[known];
                rows.Agencies[known] = saved.Agency with { Role = first.Role, CreatedAt = first.CreatedAt };
                break;
            case AcknowledgedFeed feed:
                var same = rows.Acknowledgements.FindIndex(other => other.Agency == feed.Agency);
                if (same < 0)
                {
                    rows.Acknowledgements.Add(feed);
                }
                else if (rows.Acknowledgements[same].UpTo < feed.UpTo)
                {
                    rows.Acknowledgements[same] = feed;
                }

                break;
            default:
                throw new InvalidOperationException($"The ledger does not know how to store {extra.GetType().Name}.");
        }
    }

    // Where an append writes one record several times, the last state counts. The rows it looks through are its own, at the end
    // of the lists.
    private readonly struct Fold(GroupRows rows, Guid identifierId, long version)
    {
        private readonly int _newClaims = rows.NewClaims.Count;
        private readonly int _changedClaims = rows.ChangedClaims.Count;
        private readonly int _newOverlaps = rows.NewOverlaps.Count;
        private readonly int _changedOverlaps = rows.ChangedOverlaps.Count;

        public void Insert(Claim claim) => rows.NewClaims.Add(new ClaimRow(identifierId, claim, version));

        public void Insert(Overlap overlap) => rows.NewOverlaps.Add(new OverlapRow(identifierId, overlap));

        public void Update(Claim claim)
        {
            var row = new ClaimRow(identifierId, claim, version);
            if (!Replace(rows.NewClaims, _newClaims, row) && !Replace(rows.ChangedClaims, _changedClaims, row))
            {
                rows.ChangedClaims.Add(row);
            }
        }

        public void Update(Overlap overlap)
        {
            var row = new OverlapRow(identifierId, overlap);
            if (!Replace(rows.NewOverlaps, _newOverlaps, row) && !Replace(rows.ChangedOverlaps, _changedOverlaps, row))
            {
                rows.ChangedOverlaps.Add(row);
            }
        }

        private static bool Replace(List<ClaimRow> list, int from, ClaimRow row)
        {
            foreach (ref var other in CollectionsMarshal.AsSpan(list)[from..])
            {
                if (other.Claim.Id == row.Claim.Id)
                {
                    other = row;
                    return true;
                }
            }

            return false;
        }

        private static bool Replace(List<OverlapRow> list, int from, OverlapRow row)
        {
            foreach (ref var other in CollectionsMarshal.AsSpan(list)[from..])
            {
                if (other.Overlap.Id == row.Overlap.Id)
                {
                    other = row;
                    return true;
                }
            }

            return false;
        }
    }
}
