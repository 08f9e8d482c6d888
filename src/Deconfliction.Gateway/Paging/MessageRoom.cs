using Google.Protobuf;

namespace Deconfliction.Gateway.Paging;

/// <summary>
/// How much still fits into one message. What a page or a batch holds is bounded by bytes too: a full page of long values would be more
/// than the 4 MiB that the server sends and clients take, and asking again would give the same.
/// </summary>
internal sealed class MessageRoom
{
    /// <summary>Well below the limit, so that the one item that comes last, whatever its size, and the frame around it fit too.</summary>
    public const int Bytes = 3 * 1024 * 1024;

    private int _left = Bytes;

    /// <summary>Takes room; says no where the next item belongs into another message. The first one always fits.</summary>
    public bool Take(IMessage item)
    {
        var isRoom = _left > 0;
        _left -= item.CalculateSize();
        return isRoom;
    }
}
