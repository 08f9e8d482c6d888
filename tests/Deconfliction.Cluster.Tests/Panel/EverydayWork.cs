using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Panel;

/// <summary>
/// What agencies' days have beside what the other load does, so that images of the pages show every panel at work: kinds of many sorts, values
/// that mean nothing by themselves, and the mistakes that make refusals.
/// </summary>
internal static class EverydayWork
{
    private static readonly (string Kind, Func<int, string> Value)[] s_kinds =
    [
        ("username", static number => $"instagram:somebody.{number}"), ("domain", static number => $"board-{number}.net"), ("ip", static number => $"45.83.{number % 200}.17"),
        ("phone", static number => $"+39 06 {1_000_000 + number}"), ("url", static number => $"https://board-{number}.net/topic/{number}"),
        // A public resolver: whoever claims it learns nothing of the others.
        ("ip", static _ => "8.8.8.8"),
    ];

    /// <summary>Works until told to stop.</summary>
    public static async Task RunAsync(IReadOnlyList<Member> members, IReadOnlyList<SiloProcess> silos, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var client = members[random.Next(members.Count)].At(silos[random.Next(silos.Count)]);
            try
            {
                await (random.Next(12) == 0 ? MistakeAsync(client, random) : ClaimAsync(client, random, number));
            }
            catch (GridException)
            {
                // What it is here for: the pages show it.
            }

            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static Task ClaimAsync(GridClient client, Random random, int number)
    {
        var (kind, value) = s_kinds[random.Next(s_kinds.Length)];
        return client.Claims.CreateAsync(Requests.Claim(value(random.Next(40)), $"OP-{number}", kind: kind), CancellationToken.None);
    }

    private static Task MistakeAsync(GridClient client, Random random) => random.Next(6) switch
    {
        0 => client.Checks.CheckAsync(Requests.Check("45.83.300.17", kind: "ip"), CancellationToken.None),
        1 => client.Claims.ReleaseAsync(new ReleaseClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = Guid.CreateVersion7().ToString() }, CancellationToken.None),
        2 => ReusedAsync(client, random),
        _ => client.Claims.CreateAsync(Requests.Claim("not an address", "OP-0"), CancellationToken.None),
    };

    // The same request id with another payload.
    private static async Task ReusedAsync(GridClient client, Random random)
    {
        var id = Guid.NewGuid();
        await client.Claims.CreateAsync(Requests.Claim($"first-{random.Next()}@example.org", "OP-1", id: id), CancellationToken.None);
        await client.Claims.CreateAsync(Requests.Claim($"second-{random.Next()}@example.org", "OP-1", id: id), CancellationToken.None);
    }
}
