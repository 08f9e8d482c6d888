namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>Values of consecutive code points, added in ascending order and found by bisection.</summary>
internal sealed class SpanTable<T>(T outside)
{
    private readonly List<int> firsts = [];
    private readonly List<int> lasts = [];
    private readonly List<T> values = [];

    public void Add((int First, int Last) span, T value)
    {
        if (lasts.Count > 0 && span.First <= lasts[^1])
        {
            throw new InvalidOperationException($"unicode.txt is not in order at {span.First:X4}");
        }

        firsts.Add(span.First);
        lasts.Add(span.Last);
        values.Add(value);
    }

    public T Find(int codePoint)
    {
        var index = firsts.BinarySearch(codePoint);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 && codePoint <= lasts[index] ? values[index] : outside;
    }
}
