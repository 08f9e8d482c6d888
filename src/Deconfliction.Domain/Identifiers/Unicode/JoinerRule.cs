namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>Where ZWNJ and ZWJ may stand: the CONTEXTJ rules of RFC 5892, appendices A.1 and A.2.</summary>
internal static class JoinerRule
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;
    private const int Virama = 9;

    public static bool Allows(IReadOnlyList<int> label)
    {
        for (var i = 0; i < label.Count; i++)
        {
            if (label[i] is not (ZeroWidthNonJoiner or ZeroWidthJoiner))
            {
                continue;
            }

            var followsVirama = i > 0 && CodePoints.Of(label[i - 1]).Combining == Virama;
            if (!followsVirama && (label[i] == ZeroWidthJoiner || !IsBetweenJoining(label, i)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBetweenJoining(IReadOnlyList<int> label, int position) =>
        NextNotTransparent(label, position, -1) is 'L' or 'D' && NextNotTransparent(label, position, 1) is 'R' or 'D';

    private static char NextNotTransparent(IReadOnlyList<int> label, int position, int step)
    {
        var i = position + step;
        while (i >= 0 && i < label.Count && CodePoints.Of(label[i]).Joining == 'T')
        {
            i += step;
        }

        return i >= 0 && i < label.Count ? CodePoints.Of(label[i]).Joining : 'U';
    }
}
