using System.Text;

namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>Punycode (RFC 3492) with the parameters of IDNA, for one label without its <c>xn--</c>.</summary>
internal static class Punycode
{
    private const int Radix = 36;
    private const int MinimumThreshold = 1;
    private const int MaximumThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialCodePoint = 0x80;

    /// <summary>The characters that the text stands for, or null where it is not Punycode.</summary>
    public static List<int>? Decode(ReadOnlySpan<char> text)
    {
        var output = new List<int>();
        var delimiter = text.LastIndexOf('-');
        for (var i = 0; i < delimiter; i++)
        {
            output.Add(text[i]);
        }

        var position = delimiter < 0 ? 0 : delimiter + 1;
        long codePoint = InitialCodePoint;
        long index = 0;
        var bias = InitialBias;
        while (position < text.Length)
        {
            var start = index;
            if (!TryReadDelta(text, ref position, bias, ref index))
            {
                return null;
            }

            bias = Adapt(index - start, output.Count + 1, start == 0);
            codePoint += index / (output.Count + 1);
            index %= output.Count + 1;
            if (codePoint > 0x10FFFF || !Rune.IsValid((int)codePoint))
            {
                return null;
            }

            output.Insert((int)index++, (int)codePoint);
        }

        return output;
    }

    /// <summary>The Punycode of a label.</summary>
    public static string Encode(IReadOnlyList<int> label)
    {
        var output = new StringBuilder();
        foreach (var ascii in label.Where(code => code < InitialCodePoint))
        {
            output.Append((char)ascii);
        }

        var basic = output.Length;
        var handled = basic;
        if (basic > 0)
        {
            output.Append('-');
        }

        var codePoint = InitialCodePoint;
        long delta = 0;
        var bias = InitialBias;
        while (handled < label.Count)
        {
            var next = label.Where(code => code >= codePoint).Min();
            delta += (long)(next - codePoint) * (handled + 1);
            codePoint = next;
            foreach (var code in label)
            {
                if (code < codePoint)
                {
                    delta++;
                }
                else if (code == codePoint)
                {
                    WriteDelta(output, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            codePoint++;
        }

        return output.ToString();
    }

    private static bool TryReadDelta(ReadOnlySpan<char> text, ref int position, int bias, ref long index)
    {
        long weight = 1;
        for (var k = Radix; ; k += Radix)
        {
            if (position == text.Length)
            {
                return false;
            }

            var digit = DigitOf(text[position++]);
            if (digit < 0)
            {
                return false;
            }

            index += digit * weight;
            var threshold = Threshold(k, bias);
            if (digit < threshold)
            {
                return index <= int.MaxValue;
            }

            weight *= Radix - threshold;
            if (weight > int.MaxValue || index > int.MaxValue)
            {
                return false;
            }
        }
    }

    private static void WriteDelta(StringBuilder output, long delta, int bias)
    {
        for (var k = Radix; ; k += Radix)
        {
            var threshold = Threshold(k, bias);
            if (delta < threshold)
            {
                output.Append(DigitFor((int)delta));
                return;
            }

            output.Append(DigitFor(threshold + (int)((delta - threshold) % (Radix - threshold))));
            delta = (delta - threshold) / (Radix - threshold);
        }
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, MinimumThreshold, MaximumThreshold);

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        while (delta > (Radix - MinimumThreshold) * MaximumThreshold / 2)
        {
            delta /= Radix - MinimumThreshold;
            k += Radix;
        }

        return k + (int)((Radix - MinimumThreshold + 1) * delta / (delta + Skew));
    }

    private static int DigitOf(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => -1,
    };

    private static char DigitFor(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);
}
