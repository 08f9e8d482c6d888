using Deconfliction.Dashboard.Panels;

namespace Deconfliction.Dashboard.Pages;

/// <summary>The scales of a chart: round numbers from zero up, round times in UTC.</summary>
internal sealed class Axis
{
    /// <summary>Height of a chart in pixels.</summary>
    public const int Height = 200;

    /// <summary>Room for the numbers at its left.</summary>
    public const int Left = 64;

    private const int Top = 12;
    private const int Bottom = 26;
    private const int MostTicks = 5;
    private readonly double _most;

    private Axis(double most, IReadOnlyList<double> ticks, IReadOnlyList<(DateTimeOffset At, double Share)> times)
    {
        _most = most;
        Ticks = ticks;
        Times = times;
    }

    /// <summary>Values with a line.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Times with a label, and how far to the right they are.</summary>
    public IReadOnlyList<(DateTimeOffset At, double Share)> Times { get; }

    /// <summary>The scales that a chart's points ask for.</summary>
    public static Axis Of(ChartBlock chart)
    {
        var largest = chart.Lines.SelectMany(line => line.Points).Max(point => point.Value) ?? 0;
        // Bytes are counted in powers of 1024, so that a label reads 100 MiB and not 95.4.
        var unit = chart.IsBinary && largest >= 1024 ? Math.Pow(1024, Math.Floor(Math.Log(largest, 1024))) : 1;
        var step = Math.Max(Step(largest > 0 ? largest / unit : 1) * unit, chart.IsWhole ? 1 : 0);
        var count = (int)Math.Ceiling((largest > 0 ? largest : 1) / step);
        return new Axis(count * step, [.. Enumerable.Range(0, count + 1).Select(i => i * step)], TimesOf(chart));
    }

    /// <summary>Where a value is, from the top.</summary>
    public double Y(double value) => Top + ((Height - Top - Bottom) * (1 - (value / _most)));

    // 1, 2 or 5 times a power of ten, so that there are at most five.
    private static double Step(double largest)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(largest / MostTicks)));
        return power * ((double[])[1, 2, 5, 10]).First(factor => largest / (power * factor) <= MostTicks);
    }

    private static List<(DateTimeOffset At, double Share)> TimesOf(ChartBlock chart)
    {
        var length = chart.Until - chart.From;
        var step = length <= TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(3) : TimeSpan.FromHours(4);
        var times = new List<(DateTimeOffset, double)>();
        for (var ticks = ((chart.From.UtcTicks / step.Ticks) + 1) * step.Ticks; ticks < chart.Until.UtcTicks; ticks += step.Ticks)
        {
            var share = (ticks - chart.From.UtcTicks) / (double)length.Ticks;
            // A label at either end would be cut off.
            if (share is > 0.02 and < 0.98)
            {
                times.Add((new DateTimeOffset(ticks, TimeSpan.Zero), share));
            }
        }

        return times;
    }
}
