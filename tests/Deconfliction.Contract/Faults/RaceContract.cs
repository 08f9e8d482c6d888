using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Faults;

/// <summary>Agencies that race for one identifier (FAULTS.md: F17).</summary>
public abstract class RaceContract(SharedGrid shared)
{
    [Fact]
    public async Task F17_AgenciesRaceOnOneIdentifier_EachPairIsFoundOnceAndOthersAreUnharmed()
    {
        const int Count = 20;
        var grid = shared.Grid;
        var members = await Members.AddAsync(grid, Count, "racer");
        var before = await grid.CountAsync("overlap");

        var answers = await Task.WhenAll(members.SelectMany(member => new[]
        {
            member.Client.Claims.CreateAsync(Requests.Claim("f17@example.org", "race"), CancellationToken.None),
            member.Client.Claims.CreateAsync(Requests.Claim($"own-{member.Agency}@example.org", "race"), CancellationToken.None),
        }));

        Assert.Equal(Count * (Count - 1) / 2, answers.Sum(answer => answer.Overlaps.Count));
        Assert.Equal(Count * (Count - 1) / 2, await grid.CountAsync("overlap") - before);
        Assert.Equal(Enumerable.Range(0, Count), answers.Where((_, index) => index % 2 == 0).Select(answer => answer.Overlaps.Count).Order());
        Assert.All(answers.Where((_, index) => index % 2 == 1), answer => Assert.Equal(DisclosureNotice.NothingToDisclose, answer.DisclosureNotice));
        foreach (var member in members)
        {
            await Waiting.UntilAsync($"{member.Agency} has one alert for each other", TimeSpan.FromSeconds(10), async () =>
                (await member.ReadFeedAsync()).Count == Count - 1);
            Assert.Equal(Count - 1, (await member.ReadFeedAsync()).Select(alert => alert.Overlap.OtherAgency).Distinct().Count());
        }
    }
}
