using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Grid.Hosting;

/// <summary>
/// The mailboxes held in memory, bounded by number and by estimated weight. Which one goes is chosen by CLOCK (Corbató, 1968): a hand
/// goes round a ring, spares what was used since it last passed and takes the first that was not, which is nearly least-recently-used at
/// the price of one flag. A mailbox with turns is never taken.
/// </summary>
internal sealed class ActorCache(int maximumCount, long maximumWeight, Action<Tag>? evicted = null)
{
    /// <summary>What a mailbox weighs with an actor that holds nothing: objects, dictionary and ring.</summary>
    public const long EmptyWeight = 400;

    // Bounds what one caller does for all; the next caller goes on from there.
    private const int StepsAtOnce = 256;

    private readonly ConcurrentDictionary<Tag, Mailbox> _byTag = new();
    private readonly List<Mailbox> _ring = [];
    private readonly Lock _gate = new();
    private int _hand;
    private long _weight;

    public int Count => _byTag.Count;

    public long Weight => Volatile.Read(ref _weight);

    public bool TryFind(Tag tag, [NotNullWhen(true)] out Mailbox? mailbox) => _byTag.TryGetValue(tag, out mailbox);

    /// <summary>Adds a new mailbox; false where another came first.</summary>
    public bool TryAdd(Mailbox mailbox)
    {
        mailbox.Weight = EmptyWeight; // Before anybody else can find it, and weigh it.
        if (!_byTag.TryAdd(mailbox.Tag, mailbox))
        {
            return false;
        }

        Interlocked.Add(ref _weight, EmptyWeight);
        lock (_gate)
        {
            mailbox.Place = _ring.Count;
            _ring.Add(mailbox);
        }

        MakeRoomIfOver();
        return true;
    }

    /// <summary>Takes note of what a mailbox weighs now, and makes room if that is too much.</summary>
    public void Weigh(Mailbox mailbox, long weight)
    {
        var change = weight - mailbox.Weight;
        mailbox.Weight = weight;
        Interlocked.Add(ref _weight, change);
        MakeRoomIfOver();
    }

    /// <summary>Takes one out that is wanted no more; one with turns stays.</summary>
    public void Forget(Tag tag)
    {
        if (_byTag.TryGetValue(tag, out var mailbox))
        {
            LetGo(mailbox);
        }
    }

    /// <summary>Lets an idle mailbox go at once, if nobody has used it again.</summary>
    public void LetGo(Mailbox mailbox)
    {
        lock (_gate)
        {
            if (mailbox.Place >= 0 && mailbox.TryClose())
            {
                Remove(mailbox);
            }
        }
    }

    private void MakeRoomIfOver()
    {
        if (IsOver())
        {
            MakeRoom();
        }
    }

    private bool IsOver() => _ring.Count > maximumCount || Volatile.Read(ref _weight) > maximumWeight;

    private void MakeRoom()
    {
        lock (_gate)
        {
            for (var step = 0; step < StepsAtOnce && IsOver() && _ring.Count > 0; step++)
            {
                _hand = _hand < _ring.Count ? _hand : 0;
                var mailbox = _ring[_hand];
                if (mailbox.WasUsed)
                {
                    mailbox.WasUsed = false;
                    _hand++;
                }
                else if (mailbox.TryClose())
                {
                    Remove(mailbox);
                    evicted?.Invoke(mailbox.Tag);
                }
                else
                {
                    _hand++;
                }
            }
        }
    }

    private void Remove(Mailbox mailbox)
    {
        _byTag.TryRemove(new KeyValuePair<Tag, Mailbox>(mailbox.Tag, mailbox));
        Interlocked.Add(ref _weight, -mailbox.Weight);
        var last = _ring[^1];
        _ring[mailbox.Place] = last;
        last.Place = mailbox.Place;
        _ring.RemoveAt(_ring.Count - 1);
    }
}
