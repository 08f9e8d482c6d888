using System.Diagnostics;
using Deconfliction.Grid.Tests.Setup;

namespace Deconfliction.Grid.Tests.Actors;

/// <summary>
/// I6. Agencies claim and release one identifier again and again while others check it, through two grids blind to each other. Each
/// operation is an interval; a check must show every claim that was surely live throughout it, and none that was surely not.
/// </summary>
public sealed class LinearizabilityTests
{
    private sealed record Span(long Start, long End);

    private sealed record Life(Guid Claim, Span Made)
    {
        public Span? Released { get; set; }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Checks_SeeEveryClaimThatIsSurelyLive_AndNoneThatIsSurelyNot(int seed)
    {
        await using var store = await Store.OpenAsync();
        TestGrid[] grids = [await store.GridAsync(), await store.GridAsync()];
        var owners = Enumerable.Range(0, 4).Select(i => LiveAsync($"owner-{i}", grids, new Random(seed + i))).ToList();
        var checkers = Enumerable.Range(0, 3).Select(i => CheckAsync($"checker-{i}", grids, new Random(seed + 100 + i))).ToList();

        var lives = (await Task.WhenAll(owners)).SelectMany(static one => one).ToList();
        var checks = (await Task.WhenAll(checkers)).SelectMany(static one => one).ToList();

        var problems = checks.SelectMany(check => Problems(check.Span, check.Seen, lives)).ToList();
        Assert.True(problems.Count == 0, string.Join("; ", problems.Take(5)));
        Assert.Contains(checks, static check => check.Seen.Count > 0);
        Assert.Contains(checks, check => check.Seen.Count < 4);
    }

    private static async Task<List<Life>> LiveAsync(string agency, TestGrid[] grids, Random random)
    {
        var lives = new List<Life>();
        for (var i = 0; i < 25; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var claim = (await grids[random.Next(2)].ClaimAsync(agency, "x", $"case-{i}")).Claim!;
            var life = new Life(claim.Id, new Span(start, Stopwatch.GetTimestamp()));
            lives.Add(life);
            await Task.Yield();
            start = Stopwatch.GetTimestamp();
            await grids[random.Next(2)].ReleaseAsync(agency, claim.Id);
            life.Released = new Span(start, Stopwatch.GetTimestamp());
        }

        return lives;
    }

    private static async Task<List<(Span Span, HashSet<Guid> Seen)>> CheckAsync(string agency, TestGrid[] grids, Random random)
    {
        var checks = new List<(Span, HashSet<Guid>)>();
        for (var i = 0; i < 50; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = await grids[random.Next(2)].CheckAsync(agency, "x");
            checks.Add((new Span(start, Stopwatch.GetTimestamp()), answer.Pointers.Select(static one => one.Other.Id).ToHashSet()));
        }

        return checks;
    }

    private static IEnumerable<string> Problems(Span check, HashSet<Guid> seen, List<Life> lives)
    {
        foreach (var life in lives)
        {
            var surelyLive = life.Made.End < check.Start && life.Released!.Start > check.End;
            var surelyNot = life.Made.Start > check.End || life.Released!.End < check.Start;
            if (surelyLive && !seen.Contains(life.Claim))
            {
                yield return "a live claim was missed";
            }

            if (surelyNot && seen.Contains(life.Claim))
            {
                yield return "a claim was seen that was not live";
            }
        }
    }
}
