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

    [Theory]
    [InlineData("# TYPE x counter\ndotnet_gc_heap_total_allocated_bytes_total 123456789 1764000000000\nother 1\n", 123_456_789)]
    [InlineData("dotnet_gc_heap_total_allocated_bytes_total{otel_scope_name=\"System.Runtime\"} 1.5E+09 1764000000000\n", 1.5e9)]
    public void ReadAllocated_PageOfMetrics_GivesTheCounter(string page, double bytes) => Assert.Equal(bytes, AllocationsRow.ReadAllocated(page));

    [Fact]
    public void ReadAllocated_PageWithoutIt_Throws() => Assert.Throws<FormatException>(() => AllocationsRow.ReadAllocated("dotnet_gc_collections_total 5\n"));
}
