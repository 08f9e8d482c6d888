using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Client;
using Deconfliction.Client.Import;
using Deconfliction.Protocol.V1;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Cli.Tests.Import;

/// <summary>A message over the limit is as large the next time: it is told at once.</summary>
public sealed class OversizeImportTests : GridTest
{
    [Fact]
    public async Task Run_MessageOverTheLimit_IsToldAtOnceWithTheRemedy()
    {
        using var identity = Grid.Authority.Issue("met");

        // Time stands still: whoever waits before the next attempt waits for ever.
        await using var client = GridClient.Connect(new GridClientOptions
        {
            Server = new Uri(Grid.Address), Identity = identity, Authorities = [Grid.Authority.Certificate], Time = new FakeTimeProvider(),
        });
        var contact = new string('x', 25_000);
        var items = Enumerable.Range(1, 200).Select(position => new ImportItem { Position = position, Claim = new ClaimInput { Contact = contact } });

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var told = await Assert.ThrowsAsync<GridException>(() => client.Claims.Import(new ImportOptions()).RunAsync(items, (_, _) => { }, limit.Token));

        Assert.Equal(("RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE", "ImportClaimsRequest"), (told.Error.Status, told.Error.Reason, told.Error.Field));
        Assert.StartsWith("Split it", told.Error.Remedy, StringComparison.Ordinal);
        Assert.False(told.Error.MayPass || told.Error.MayBeDone);
    }
}
