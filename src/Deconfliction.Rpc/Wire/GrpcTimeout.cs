using System.Globalization;

namespace Deconfliction.Rpc.Wire;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    public static bool TryParse(string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is null || text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        long ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'n' => value / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        timeout = TimeSpan.FromTicks(ticks);
        return ticks >= 0;
    }

    /// <summary>The finest unit that holds <paramref name="timeout"/> in eight digits; never less than it.</summary>
    public static string Format(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, TimeSpan.TicksPerMillisecond);
        return In(ticks, TimeSpan.TicksPerMillisecond, 'm')
            ?? In(ticks, TimeSpan.TicksPerSecond, 'S')
            ?? In(ticks, TimeSpan.TicksPerMinute, 'M')
            ?? In(Math.Min(ticks, MaxValue * TimeSpan.TicksPerHour), TimeSpan.TicksPerHour, 'H')!;
    }

    private static string? In(long ticks, long unit, char name)
    {
        var value = (ticks / unit) + (ticks % unit == 0 ? 0 : 1);
        return value <= MaxValue ? string.Create(CultureInfo.InvariantCulture, $"{value}{name}") : null;
    }
}
