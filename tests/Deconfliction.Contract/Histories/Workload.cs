using System.Collections.Concurrent;
using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;
using Deconfliction.Testing.Processes;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Contract.Histories;

/// <summary>
/// Agencies that claim, check, change, renew and release at random on a few identifiers, and write down what they were told. An
/// operation whose answer did not come is repeated with the same request id, at the next node, until one does, so that in the end every
/// outcome is known.
/// </summary>
/// <param name="grid">Where.</param>
/// <param name="members">Who.</param>
/// <param name="seed">What their choices follow from.</param>
/// <param name="identifiers">On how many identifiers.</param>
/// <param name="workersEach">How many operations of an agency's are under way at once.</param>
/// <param name="longestPause">
/// How long a worker pauses between two operations at most; by default not at all. A load that takes all of the processor leaves none to
/// nodes that start, and a history that nobody needs takes longer to judge than to make.
/// </param>
public sealed class Workload(
    GridUnderTest grid, IReadOnlyList<Member> members, int seed, int identifiers, int workersEach = 4, TimeSpan longestPause = default)
{
    /// <summary>Claims that one worker holds at once: answers name at most a hundred, and what they leave out could not be judged.</summary>
    private const int MostLive = 12;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(3);
    private readonly string _run = $"{seed:x}-{Guid.NewGuid():N}"[..12];
    private readonly ConcurrentDictionary<string, string> _where = new();
    private int _cases;

    /// <summary>What was done.</summary>
    public History History { get; } = new();

    /// <summary>Works until told to stop, and then until every operation under way is answered.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(members.SelectMany((member, index) =>
        Enumerable.Range(0, workersEach).Select(worker => Task.Run(() => WorkAsync(member, new Random(HashCode.Combine(seed, index, worker)), stop), CancellationToken.None))));

    /// <summary>Waits until so many more operations were answered; fails with the workload where that has failed.</summary>
    public async Task MoreAsync(int operations, Task working)
    {
        var goal = History.Count + operations;
        await Waiting.UntilAsync(() => $"{operations} more operations are answered; {goal - History.Count} are missing", HangLimit, async () =>
        {
            if (working.IsFaulted)
            {
                await working;
            }

            return History.Count >= goal;
        });
    }

    private async Task WorkAsync(Member member, Random random, CancellationToken stop)
    {
        var live = new List<Operation>();
        while (!stop.IsCancellationRequested)
        {
            var choice = random.Next(20);
            if (choice < 6)
            {
                await CheckAsync(member, random);
            }
            else if (live.Count < MostLive && choice < 15)
            {
                live.Add(await ClaimAsync(member, random));
            }
            else if (live.Count > 0)
            {
                var index = random.Next(live.Count);
                await TouchAsync(member, live, index, random);
            }

            await PauseAsync(random, stop);
        }
    }

    private async Task PauseAsync(Random random, CancellationToken stop)
    {
        if (longestPause > TimeSpan.Zero)
        {
            await Task.Delay(longestPause * random.NextDouble(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TouchAsync(Member member, List<Operation> live, int index, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                await UpdateAsync(member, live[index]);
                break;
            case 1:
                await RenewAsync(member, live[index], random);
                break;
            default:
                await ReleaseAsync(member, live[index]);
                live.RemoveAt(index);
                break;
        }
    }

    private string Pick(Random random) => $"user{random.Next(identifiers)}-{_run}@example.org";

    private async Task<Operation> ClaimAsync(Member member, Random random)
    {
        var (identifier, reference) = (Pick(random), $"case-{Interlocked.Increment(ref _cases)}");
        var request = Requests.Claim(identifier, reference);
        var (answer, done) = await AnswerAsync(member, request.RequestId, client => client.Claims.CreateAsync(request, CancellationToken.None));
        return Record(done with
        {
            Did = Did.Claim,
            Identifier = identifier,
            Case = reference,
            Claim = Guid.Parse(answer.Claim.Claim_),
            ExpiresAt = answer.Claim.ExpireTime.ToDateTimeOffset(),
            Told = [.. answer.Overlaps.Select(overlap => (overlap.OtherAgency, overlap.OtherCase))],
            NothingToDisclose = answer.DisclosureNotice == DisclosureNotice.NothingToDisclose,
        });
    }

    private async Task CheckAsync(Member member, Random random)
    {
        var request = Requests.Check(Pick(random), $"check-{Interlocked.Increment(ref _cases)}");
        var (answer, done) = await AnswerAsync(member, request.RequestId, client => client.Checks.CheckAsync(request, CancellationToken.None));
        Record(done with
        {
            Did = Did.Check,
            Identifier = request.Identifier.Value,
            Case = request.CaseReference,
            NothingToDisclose = answer.DisclosureNotice == DisclosureNotice.NothingToDisclose,
            Told = [.. answer.Hits.Select(hit => (hit.Agency, hit.CaseReference))],
        });
    }

    private async Task UpdateAsync(Member member, Operation made)
    {
        var request = new UpdateClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made.Claim.ToString(), Contact = $"desk {Guid.NewGuid():N}" };
        var (_, done) = await AnswerAsync(member, request.RequestId, client => client.Claims.UpdateAsync(request, CancellationToken.None));
        Record(done with { Did = Did.Update, Identifier = made.Identifier, Case = made.Case, Claim = made.Claim, Contact = request.Contact });
    }

    private async Task RenewAsync(Member member, Operation made, Random random)
    {
        var request = new RenewClaimRequest
        {
            RequestId = Guid.NewGuid().ToString(), Claim = made.Claim.ToString(), Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(random.Next(30, 360))),
        };
        var (answer, done) = await AnswerAsync(member, request.RequestId, client => client.Claims.RenewAsync(request, CancellationToken.None));
        Record(done with
        {
            Did = Did.Renew, Identifier = made.Identifier, Case = made.Case, Claim = made.Claim, ExpiresAt = answer.ExpireTime.ToDateTimeOffset(),
        });
    }

    private async Task ReleaseAsync(Member member, Operation made)
    {
        var request = new ReleaseClaimRequest { RequestId = Guid.NewGuid().ToString(), Claim = made.Claim.ToString() };
        var (_, done) = await AnswerAsync(member, request.RequestId, client => client.Claims.ReleaseAsync(request, CancellationToken.None));
        Record(done with { Did = Did.Release, Identifier = made.Identifier, Case = made.Case, Claim = made.Claim });
    }

    private Operation Record(Operation operation)
    {
        History.Add(operation);
        return operation;
    }

    // Again with the same request id wherever the outcome is unknown or the node away; anything else is a defect.
    private async Task<(T Answer, Operation Done)> AnswerAsync<T>(Member member, string requestId, Func<GridClient, Task<T>> ask)
    {
        var asked = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var url = _where.GetValueOrDefault(member.Agency, member.Url);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var answer = await ask(member.At(url));
                return (answer, new Operation
                {
                    Did = default,
                    Agency = member.Agency,
                    Identifier = "",
                    RequestId = Guid.Parse(requestId),
                    Asked = asked,
                    Answered = Stopwatch.GetTimestamp(),
                    Tries = tries,
                });
            }
            catch (GridException problem) when (problem.MayPassElsewhere() && Stopwatch.GetElapsedTime(asked) < AnswerLimit)
            {
                await pause.WaitForNextTickAsync();
                url = grid.NextRunning(url);

                // Whoever asks next begins where this one goes on: a node that has gone need not be found gone by each.
                _where[member.Agency] = url;
            }
        }
    }
}
