using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows;
using Deconfliction.LoadTests.Rows.Sides;

namespace Deconfliction.LoadTests.Tests.Rows;

public sealed class ReadingTests
{
    private const string Report =
        """
        pgbench (15.18)
        transaction type: claim.pgbench
        scaling factor: 1
        query mode: prepared
        number of clients: 16
        number of threads: 2
        maximum number of tries: 1
        duration: 2 s
        number of transactions actually processed: 17094
        number of failed transactions: 0 (0.000%)
        latency average = 1.870 ms
        initial connection time = 24.371 ms
        tps = 8554.125471 (without initial connection time)
        """;

    [Fact]
    public void Read_ReportOfPgbench_GivesRateAndCount() => Assert.Equal(new SideRound(8_554.125471, 17_094), PgbenchSide.Read(Report));

    [Fact]
    public void Read_FailedTransactions_AreNoRate() => Assert.Throws<FormatException>(
        () => PgbenchSide.Read(Report.Replace("transactions: 0 (", "transactions: 3 (", StringComparison.Ordinal)));

    [Fact]
    public void Read_NoReport_Throws() => Assert.Throws<FormatException>(() => PgbenchSide.Read("pgbench: error: connection failed"));

    private const string Metrics =
        """
        # TYPE dotnet_gc_heap_total_allocated_bytes_total counter
        dotnet_gc_heap_total_allocated_bytes_total{otel_scope_name="System.Runtime"} 1.5E+09 1764000000000
        deconfliction_ledger_group_size_bucket{deconfliction_lane="interactive",le="1"} 7 1764000000000
        deconfliction_ledger_group_size_sum{deconfliction_lane="interactive"} 40 1764000000000
        deconfliction_ledger_group_size_count{deconfliction_lane="interactive"} 10 1764000000000
        deconfliction_ledger_group_size_sum{deconfliction_lane="bulk"} 600 1764000000000
        deconfliction_ledger_group_size_count{deconfliction_lane="bulk"} 3 1764000000000

        """;

    [Fact]
    public void Read_PageOfMetrics_GivesTheCountersOverAllLanes() => Assert.Equal(new ServerCounters(1.5e9, 13, 640), ServerCounters.Read(Metrics));

    [Fact]
    public void Read_PageWithoutOne_Throws() => Assert.Throws<FormatException>(
        () => ServerCounters.Read(Metrics.Replace("_allocated_", "_freed_", StringComparison.Ordinal)));
}
