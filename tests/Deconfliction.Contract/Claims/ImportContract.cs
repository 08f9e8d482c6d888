using Deconfliction.Client.Import;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Contract.Claims;

/// <summary>Rule 6: an import is a stream of independent items.</summary>
public abstract class ImportContract(SharedGrid shared)
{
    [Fact]
    public async Task Import_BadItemsAmongGoodOnes_HarmNoOther()
    {
        var (met, twice) = (SharedGrid.UnusedMail(), SharedGrid.UnusedMail());
        await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(met, "B-1"), CancellationToken.None);
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(twice, "A-1"), CancellationToken.None);
        var noCase = Requests.Claim(SharedGrid.UnusedMail(), "");

        var results = await shared.Alpha.ChannelAt(shared.Alpha.Others[0]).ImportAsync(
            Requests.Claim(met, "A-1"),
            Requests.Claim("not an address", "A-1"),
            Requests.Claim(twice, "A-1"),
            Requests.Claim("300.1.2.3", "A-1", kind: "ip"),
            noCase,
            Requests.Claim(SharedGrid.UnusedMail(), "A-1"));

        Assert.Equal(Enumerable.Range(0, 6).Select(number => ((long)number, (long)number + 2)), results.Select(result => (result.Position, result.Line)));
        Assert.Equal("bravo", Assert.Single(results[0].Accepted.Overlaps).OtherAgency);
        Assert.Equal("claim.identifier.value", results[1].Rejected.Field);
        Assert.NotEmpty(results[2].Duplicate.Claim);
        Assert.Equal(("claim.identifier.value", "NOT_AN_IPV4_ADDRESS"), (results[3].Rejected.Field, results[3].Rejected.Reason));
        Assert.Equal(("claim.case_reference", "MISSING_CASE_REFERENCE"), (results[4].Rejected.Field, results[4].Rejected.Reason));
        Assert.All([results[1], results[3], results[4]], result => Assert.Equal((int)StatusCode.InvalidArgument, result.Rejected.Code));
        Assert.Equal(DisclosureNotice.NothingToDisclose, results[5].Accepted.DisclosureNotice);
    }

    [Fact]
    public async Task Import_ThousandsOfItemsThroughAllNodesAtOnce_AnswersEachOnce()
    {
        const int Each = 600;
        var reference = SharedGrid.Unused("bulk");
        var before = await shared.Grid.CountAsync("claim");
        var answers = await Task.WhenAll(shared.Grid.Nodes.Select(async (node, number) =>
        {
            var seen = new Dictionary<long, ImportResult>();
            var items = Enumerable.Range(0, Each).Select(position => new ImportItem
            {
                Position = position,
                RequestId = Guid.NewGuid().ToString(),
                Claim = Requests.Claim($"{reference}-{number}-{position}@example.org", reference).Claim,
            });
            await shared.Alpha.At(node).Claims.Import(new ImportOptions()).RunAsync(items, (item, result) => seen.Add(item.Position, result), CancellationToken.None);
            return seen;
        }));

        Assert.All(answers, seen => Assert.Equal(Each, seen.Values.Count(result => result.Accepted is not null)));
        Assert.Equal(before + (Each * shared.Grid.Nodes.Count), await shared.Grid.CountAsync("claim"));
    }
}
