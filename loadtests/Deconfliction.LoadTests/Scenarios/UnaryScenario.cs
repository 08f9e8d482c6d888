using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>Recorded unary calls over mutual TLS from more and more concurrent callers: checks, or claims on fresh identifiers.</summary>
internal sealed class UnaryScenario : IScenario
{
    private const int Claimed = 20_000;
    private const int HitEvery = 10;
    private const long FirstFresh = 1_000_000_000;
    private const int WarmUpCallers = 64;
    private const int AimCallers = 64;
    private readonly bool _checks;
    private long _next;

    private UnaryScenario(bool checks) => _checks = checks;

    public string Name => _checks ? "checks" : "claims";

    public bool NeedsStore => true;

    /// <summary>Checks, of which one in ten hits.</summary>
    public static UnaryScenario Checks() => new(checks: true);

    /// <summary>Claims, each on an identifier that nobody claims.</summary>
    public static UnaryScenario Claims() => new(checks: false);

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        _next = FirstFresh;
        await using var grid = await bench.StartGridAsync(store, cancellationToken);
        await using var owner = await grid.ConnectAgencyAsync("owner", connections: 1);
        await using var agency = await grid.ConnectAgencyAsync("caller", bench.Options.Connections);
        if (_checks)
        {
            bench.Report.Note($"Checks: one in {HitEvery} is of one of {Claimed:N0} identifiers that another agency claims (a hit, with an alert); the others are of identifiers that were never seen.");
            await owner.ImportAsync(Enumerable.Range(0, Claimed).Select(number => GeneratedValues.Sha256(number)), static () => { }, cancellationToken);
        }

        bench.Report.Note($"Callers share {bench.Options.Connections} connections of one process of their own; each calls again as soon as it is answered.");
        bench.Progress.Say($"{Name}, {Bench.NameOf(store)}: warming up for {bench.Options.WarmUp.TotalSeconds:0} s");
        await new ClosedLoop(WarmUpCallers, CallAsync).RunAsync(bench.Options.WarmUp, callsEach: 1, cancellationToken);
        foreach (var callers in bench.Options.Callers)
        {
            await MeasureAsync(bench, store, grid, callers, CallAsync, cancellationToken);
        }

        Task CallAsync(int caller, CancellationToken token)
        {
            var number = Interlocked.Increment(ref _next);
            return _checks
                ? agency.CheckAsync(caller, GeneratedValues.Sha256(number % HitEvery == 0 ? number / HitEvery % Claimed : number), token)
                : agency.ClaimAsync(caller, GeneratedValues.Sha256(number), token);
        }
    }

    private async Task MeasureAsync(
        Bench bench, Store store, GridOnTrial grid, int callers, Func<int, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var rounds = new List<LoopResult>();
        CpuCost? cost = null;
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var loop = new ClosedLoop(callers, call);
            var cpu = CpuClock.Start(grid.Subjects);
            var what = $"{Name}, {Bench.NameOf(store)}, {callers} callers";
            var result = await bench.Progress.FollowAsync(what, loop.RunAsync(bench.Options.Length, callsEach: 1, cancellationToken), () => loop.Done);
            cost = cpu.Stop(result.Latencies.Count);
            rounds.Add(result);
            bench.Progress.Say($"{what}: {result.Rate:N0}/s, p50 {result.Latencies.Percentile(0.5) / 1e6:0.00} ms, p99 {result.Latencies.Percentile(0.99) / 1e6:0.00} ms");
        }

        bench.Report.Add(new Figure
        {
            Scenario = Name,
            Store = Bench.NameOf(store),
            Name = $"unary {(_checks ? "checks" : "claims on fresh identifiers")}, {callers} {(callers == 1 ? "caller" : "callers")}",
            Unit = "1/s",
            Rounds = [.. rounds.Select(round => round.Rate)],
            Aim = _checks && callers == AimCallers ? new Aim(15_000, AtLeast: true) : null,
            Latency = Latency.Of([.. rounds.Select(round => round.Latencies)]),
            Cpu = cost,
            Command = $"{Bench.Command(Name, store)} --callers {callers}",
        });
    }
}
