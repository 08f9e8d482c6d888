namespace Deconfliction.Dashboard.Telemetry;

/// <summary>What the process itself uses, since the last reading.</summary>
internal sealed class ProcessReading
{
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private TimeSpan _pause = GC.GetTotalPauseDuration();

    /// <summary>Cores used, bytes held, seconds paused a second, work items waiting. One caller at a time.</summary>
    public IReadOnlyDictionary<string, double> Take(TimeSpan length)
    {
        var (cpu, pause) = (Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());
        var seconds = Math.Max(length.TotalSeconds, 0.001);
        var gauges = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [SeriesNames.Cpu] = (cpu - _cpu).TotalSeconds / seconds,
            [SeriesNames.Memory] = Environment.WorkingSet,
            [SeriesNames.GcPause] = (pause - _pause).TotalSeconds / seconds,
            [SeriesNames.ThreadQueue] = ThreadPool.PendingWorkItemCount,
        };
        (_cpu, _pause) = (cpu, pause);
        return gauges;
    }
}
