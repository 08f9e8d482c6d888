using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>The same over gRPC and mutual TLS, from a process of its own: our gateway, and a thin service in front of the plain grain.</summary>
internal sealed class GatewayScenario : IClusterScenario
{
    private const int Connections = 4;
    private const int WarmUpCallers = 256;
    private const int MostCallers = 1024; // A connection carries 256 calls at once.
    private long _next = 2_000_000_000;

    public string Name => "rpc";

    public async Task RunAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        bench.Report.Note(
            $"Over gRPC: unary calls from a process of its own over {Connections} connections with mutual TLS. Ours goes through the gateway as it is; before the plain grain stands a "
            + "service on the same transport that copies the request and asks nobody who calls. Callers, client and both processors' other work share the machine.");
        await using var sides = await TwoSides.StartAsync(bench, cancellationToken);
        await using var ours = sides.Connect(sides.Ours, Connections);
        await using var plain = sides.Connect(sides.Plain, Connections);
        foreach (var side in (SideProcess[])[sides.Ours, sides.Plain])
        {
            bench.Progress.Say($"{Name}: warming up {side.Name} for {bench.Options.WarmUp:0} s");
            await LoopOf(side, WarmUpCallers).RunAsync(TimeSpan.FromSeconds(bench.Options.WarmUp), callsEach: 1, cancellationToken);
        }

        var duel = new Duel(bench, Name, "one silo over gRPC, fresh identifiers", MeasureAsync);
        await duel.RunAsync(sides, [.. bench.Options.Callers.Where(static callers => callers <= MostCallers)], aim: null, cancellationToken);

        async Task<(Outcome Outcome, CpuCost Cost)> MeasureAsync(SideProcess side, int callers, double seconds, CancellationToken token)
        {
            var clock = CpuClock.Start(sides.SubjectsOf(side));
            var result = await LoopOf(side, callers).RunAsync(TimeSpan.FromSeconds(seconds), callsEach: 1, token);
            return (Outcome.Of(result, 0, 0, 0), clock.Stop(result.Latencies.Count));
        }

        ClosedLoop LoopOf(SideProcess side, int callers) => side == sides.Ours
            ? new ClosedLoop(callers, (caller, token) => ours.ClaimAsync(caller, Fresh(), token))
            : new ClosedLoop(callers, (caller, token) => plain.ClaimAsync(PlainMethod.Claim, caller, Fresh(), token));

        string Fresh() => GeneratedValues.Sha256(Interlocked.Increment(ref _next));
    }

    private static class PlainMethod
    {
        public static readonly RpcMethod<CreateClaimRequest, CreateClaimResponse> Claim = RpcMethod.From<CreateClaimRequest, CreateClaimResponse>(
            Plain.V1.PlainClaimServiceReflection.Descriptor.Services[0].FindMethodByName("CreateClaim"));
    }
}
