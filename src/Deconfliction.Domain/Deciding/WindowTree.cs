using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// The claims of one agency by window: an interval tree kept in balance as a treap (Seidel and Aragon, "Randomized search trees",
/// 1996), ordered by start and augmented with the latest end of each subtree. A claim without a window spans all time. The
/// priority is a hash of the claim number, so that the shape follows from the content.
/// </summary>
internal sealed class WindowTree
{
    private Entry? _root;

    /// <summary>A claim in the tree, and a node of it.</summary>
    internal sealed class Entry
    {
        public Entry(Claim claim)
        {
            Claim = claim;
            Start = claim.Window?.Earliest.UtcTicks ?? long.MinValue;
            End = claim.Window?.Latest.UtcTicks ?? long.MaxValue;
            LatestEnd = End;
            Priority = Mix((uint)claim.Id.GetHashCode());
        }

        /// <summary>The current record. A change never touches window or number, so the node stays where it is.</summary>
        public Claim Claim { get; set; }

        public long Start { get; }

        public long End { get; }

        public uint Priority { get; }

        public long LatestEnd { get; private set; }

        public Entry? Left { get; set; }

        public Entry? Right { get; set; }

        public void Augment()
        {
            var latest = End;
            latest = Left is null ? latest : Math.Max(latest, Left.LatestEnd);
            LatestEnd = Right is null ? latest : Math.Max(latest, Right.LatestEnd);
        }

        // The finaliser of MurmurHash3: a UUID's hash code alone is nearly ordered by time.
        private static uint Mix(uint bits)
        {
            bits ^= bits >> 16;
            bits *= 0x85ebca6b;
            bits ^= bits >> 13;
            bits *= 0xc2b2ae35;
            return bits ^ (bits >> 16);
        }
    }

    public void Add(Entry entry) => _root = Add(_root, entry);

    public void Remove(Entry entry)
    {
        _root = Remove(_root, entry);
        entry.Left = null;
        entry.Right = null;
    }

    /// <summary>Adds the claims that a claim with this window and port would meet.</summary>
    public void CollectMeeting(Window? window, int? port, List<Claim> into) =>
        CollectMeeting(
            _root, window?.Earliest.UtcTicks ?? long.MinValue, window?.Latest.UtcTicks ?? long.MaxValue, port, into);

    private static void CollectMeeting(Entry? node, long start, long end, int? port, List<Claim> into)
    {
        while (node is not null && node.LatestEnd > start)
        {
            CollectMeeting(node.Left, start, end, port, into);
            if (node.Start >= end)
            {
                return;
            }

            if (node.End > start && (port is null || node.Claim.Port is not { } other || other == port))
            {
                into.Add(node.Claim);
            }

            node = node.Right;
        }
    }

    private static int Compare(Entry left, Entry right)
    {
        var order = left.Start.CompareTo(right.Start);
        return order != 0 ? order : left.Claim.Id.CompareTo(right.Claim.Id);
    }

    private static Entry Add(Entry? node, Entry entry)
    {
        if (node is null)
        {
            return entry;
        }

        if (entry.Priority > node.Priority)
        {
            (entry.Left, entry.Right) = Split(node, entry);
            entry.Augment();
            return entry;
        }

        if (Compare(entry, node) < 0)
        {
            node.Left = Add(node.Left, entry);
        }
        else
        {
            node.Right = Add(node.Right, entry);
        }

        node.Augment();
        return node;
    }

    private static (Entry? Before, Entry? After) Split(Entry? node, Entry at)
    {
        if (node is null)
        {
            return (null, null);
        }

        if (Compare(node, at) < 0)
        {
            (node.Right, var after) = Split(node.Right, at);
            node.Augment();
            return (node, after);
        }

        (var before, node.Left) = Split(node.Left, at);
        node.Augment();
        return (before, node);
    }

    private static Entry? Remove(Entry? node, Entry entry)
    {
        if (node is null)
        {
            throw new InvalidOperationException($"Claim {entry.Claim.Id} is not in the tree of windows.");
        }

        if (ReferenceEquals(node, entry))
        {
            return Merge(node.Left, node.Right);
        }

        if (Compare(entry, node) < 0)
        {
            node.Left = Remove(node.Left, entry);
        }
        else
        {
            node.Right = Remove(node.Right, entry);
        }

        node.Augment();
        return node;
    }

    private static Entry? Merge(Entry? before, Entry? after)
    {
        if (before is null || after is null)
        {
            return before ?? after;
        }

        if (before.Priority > after.Priority)
        {
            before.Right = Merge(before.Right, after);
            before.Augment();
            return before;
        }

        after.Left = Merge(before, after.Left);
        after.Augment();
        return after;
    }
}
