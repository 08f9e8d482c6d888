using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;

namespace Deconfliction.EndToEnd.Tests.Histories;

/// <summary>
/// Agencies that claim, check and release at random on a few identifiers, and write down what they were told. An operation whose
/// answer did not come is repeated with the same request id until one does, so that in the end every outcome is known.
/// </summary>
public sealed class Workload(IReadOnlyList<Member> members, int seed, int identifiers, int workersEach = 4)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(120);
    private readonly string _run = $"{seed:x}-{Guid.NewGuid():N}"[..12];
    private int _cases;

    /// <summary>What was done.</summary>
    public History History { get; } = new();

    /// <summary>Works until told to stop, and then until every operation under way is answered.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(members.SelectMany((member, index) =>
        Enumerable.Range(0, workersEach).Select(worker => Task.Run(() => WorkAsync(member, new Random(HashCode.Combine(seed, index, worker)), stop), CancellationToken.None))));

    private async Task WorkAsync(Member member, Random random, CancellationToken stop)
    {
        var live = new List<Operation>();
        while (!stop.IsCancellationRequested)
        {
            switch (random.Next(10))
            {
                case < 5:
                    live.Add(await ClaimAsync(member, random));
                    break;
                case < 8:
                    await CheckAsync(member, random);
                    break;
                default:
                    if (live.Count > 0)
                    {
                        var index = random.Next(live.Count);
                        await ReleaseAsync(member, live[index]);
                        live.RemoveAt(index);
                    }

                    break;
            }
        }
    }

    private string Pick(Random random) => $"user{random.Next(identifiers)}-{_run}@example.org";

    private async Task<Operation> ClaimAsync(Member member, Random random)
    {
        var (identifier, reference) = (Pick(random), $"case-{Interlocked.Increment(ref _cases)}");
        var request = new CreateClaimRequest
        {
            RequestId = Guid.NewGuid().ToString(),
            Claim = new ClaimInput
            {
                Identifier = new IdentifierInput { Kind = "email", Value = identifier },
                CaseReference = reference,
                Disclosure = Disclosure.Open,
            },
        };
        var asked = Stopwatch.GetTimestamp();
        var (answer, tries) = await AnswerAsync(() => member.Client.Claims.CreateAsync(request, CancellationToken.None));
        return Done(new Operation
        {
            Did = Did.Claim,
            Agency = member.Agency,
            Identifier = identifier,
            Case = reference,
            RequestId = Guid.Parse(request.RequestId),
            Asked = asked,
            Answered = Stopwatch.GetTimestamp(),
            Tries = tries,
            Claim = Guid.Parse(answer.Claim.Claim_),
            Told = [.. answer.Overlaps.Select(overlap => (overlap.OtherAgency, overlap.OtherCase))],
        });
    }

    private async Task CheckAsync(Member member, Random random)
    {
        var identifier = Pick(random);
        var request = new CheckRequest
        {
            RequestId = Guid.NewGuid().ToString(),
            Identifier = new IdentifierInput { Kind = "email", Value = identifier },
            CaseReference = "check",
            Purpose = "random history",
        };
        var asked = Stopwatch.GetTimestamp();
        var (answer, tries) = await AnswerAsync(() => member.Client.Checks.CheckAsync(request, CancellationToken.None));
        Done(new Operation
        {
            Did = Did.Check,
            Agency = member.Agency,
            Identifier = identifier,
            RequestId = Guid.Parse(request.RequestId),
            Asked = asked,
            Answered = Stopwatch.GetTimestamp(),
            Tries = tries,
            Told = [.. answer.Hits.Select(hit => (hit.Agency, hit.CaseReference))],
        });
    }

    private async Task ReleaseAsync(Member member, Operation made)
    {
        var request = new ReleaseClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made.Claim.ToString() };
        var asked = Stopwatch.GetTimestamp();
        var (_, tries) = await AnswerAsync(() => member.Client.Claims.ReleaseAsync(request, CancellationToken.None));
        Done(made with
        {
            Did = Did.Release,
            RequestId = Guid.Parse(request.RequestId),
            Asked = asked,
            Answered = Stopwatch.GetTimestamp(),
            Tries = tries,
            Told = [],
        });
    }

    private Operation Done(Operation operation)
    {
        History.Add(operation);
        return operation;
    }

    // Again with the same request id wherever the outcome is unknown or the server away; anything else is a defect.
    private static async Task<(T Answer, int Tries)> AnswerAsync<T>(Func<Task<T>> ask)
    {
        var started = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await ask(), tries);
            }
            catch (GridException problem) when (problem.Error.MayPass && Stopwatch.GetElapsedTime(started) < AnswerLimit)
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }
}
