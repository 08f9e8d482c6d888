using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Gateway.Watching;

/// <summary>How often an identifier was asked for lately.</summary>
/// <param name="Tag">Its tag: for a pseudonym, never to be shown.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Hazard">Why it is a hazard, if it is one.</param>
/// <param name="Count">Claims and checks, but for SILENT claims; never more than there were.</param>
public sealed record HotIdentifier(Tag Tag, IdentifierKind Kind, string? Hazard, long Count);

/// <summary>
/// The identifiers asked for most in the last half to whole hour, in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi 2005)
/// over two halves. Thread-safe.
/// </summary>
public sealed class HotIdentifiers
{
    private static readonly TimeSpan s_half = TimeSpan.FromMinutes(30);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private Sketch _now = new();
    private Sketch _before = new();
    private long _turnedAt;

    internal HotIdentifiers(TimeProvider time)
    {
        _time = time;
        _turnedAt = time.GetTimestamp();
    }

    /// <summary>Those asked for most, and at least so often.</summary>
    public IReadOnlyList<HotIdentifier> Read(int most, int atLeast)
    {
        lock (_gate)
        {
            Turn();
            return
            [
                .. _now.Read().Concat(_before.Read()).GroupBy(one => one.Tag)
                    .Select(group => group.First() with { Count = group.Sum(one => one.Count) })
                    .Where(one => one.Count >= atLeast).OrderByDescending(one => one.Count).Take(most),
            ];
        }
    }

    internal void Asked(Tag tag, IdentifierKind kind, string? hazard)
    {
        lock (_gate)
        {
            Turn();
            _now.Add(tag, kind, hazard);
        }
    }

    private void Turn()
    {
        var now = _time.GetTimestamp();
        var passed = _time.GetElapsedTime(_turnedAt, now);
        if (passed < s_half)
        {
            return;
        }

        (_before, _now) = (passed < 2 * s_half ? _now : new Sketch(), new Sketch());
        _turnedAt = now;
    }

    // One that is not held takes the place of one of the least, and its count as a bound on what it may have missed.
    private sealed class Sketch
    {
        private const int Places = 256;
        private readonly Dictionary<Tag, int> _place = new(Places);
        private readonly Entry[] _entries = new Entry[Places];
        private int _used;
        private int _hand;
        private long _least;

        public void Add(Tag tag, IdentifierKind kind, string? hazard)
        {
            if (_place.TryGetValue(tag, out var place))
            {
                _entries[place].Count++;
                return;
            }

            if (_used < Places)
            {
                place = _used++;
                _entries[place] = new Entry(tag, kind, hazard, 1, 0);
            }
            else
            {
                place = Least();
                _place.Remove(_entries[place].Tag);
                _entries[place] = new Entry(tag, kind, hazard, _entries[place].Count + 1, _entries[place].Count);
            }

            _place.Add(tag, place);
        }

        public IEnumerable<HotIdentifier> Read() => _entries.Take(_used)
            .Select(entry => new HotIdentifier(entry.Tag, entry.Kind, entry.Hazard, entry.Count - entry.Missed));

        // The hand goes round once for each step of the least count, so a place costs about one look.
        private int Least()
        {
            for (var looked = 0; ; looked++)
            {
                if (looked == Places)
                {
                    _least = _entries.Min(entry => entry.Count);
                    looked = 0;
                }

                _hand = (_hand + 1) % Places;
                if (_entries[_hand].Count <= _least)
                {
                    return _hand;
                }
            }
        }

        private record struct Entry(Tag Tag, IdentifierKind Kind, string? Hazard, long Count, long Missed);
    }
}
