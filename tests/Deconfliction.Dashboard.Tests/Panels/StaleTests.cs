using Deconfliction.Dashboard.Access;
using Deconfliction.Dashboard.Pages;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Text;
using Deconfliction.Dashboard.Web;
using Deconfliction.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Panels;

/// <summary>A panel whose database does not answer shows what was read last, and says that it is old: in words, not by its look alone.</summary>
public sealed class StaleTests
{
    private readonly FakeTimeProvider _time = new(Grids.Now);
    private readonly Switched _panel = new();

    [Fact]
    public async Task Panel_WhereTheStoreDoesNotAnswer_KeepsItsLastContentAndSaysSo()
    {
        var reading = new PanelReading(_time);
        var context = await Grids.OfAsync(Language.English, Grids.Node("a"));
        var fresh = await reading.ReadAsync(_panel, context);
        Assert.Equal("", fresh.Problem);

        _panel.IsLost = true;
        var old = await reading.ReadAsync(_panel, context);
        Assert.Equal((fresh.AsOf, fresh.Blocks), (old.AsOf, old.Blocks));
        Assert.Equal(Language.English["stale.database"], old.Problem);

        _panel.IsLost = false;
        Assert.Equal("", (await reading.ReadAsync(_panel, context)).Problem);
    }

    [Fact]
    public async Task Panel_ThatCouldNeverBeRead_SaysSoToo()
    {
        _panel.IsLost = true;
        var content = await new PanelReading(_time).ReadAsync(_panel, await Grids.OfAsync(Language.French, Grids.Node("a")));
        Assert.Equal(Language.French["stale.database"], content.Problem);
        Assert.IsType<NoteBlock>(Assert.Single(content.Blocks));
    }

    [Fact]
    public async Task Frame_OfAPanelThatIsOld_ShowsTheReason()
    {
        Assert.Contains(">No answer<", await DrawAsync("No answer"), StringComparison.Ordinal);
        Assert.Contains("data-problem=\"No answer\"", await DrawAsync("No answer"), StringComparison.Ordinal);
        Assert.DoesNotContain(" hidden", await DrawAsync("No answer"), StringComparison.Ordinal);
        Assert.Contains("data-mark hidden", await DrawAsync(""), StringComparison.Ordinal);
    }

    private async Task<string> DrawAsync(string problem)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        return await new Renderer(services, NullLoggerFactory.Instance).RenderAsync<PanelFrame>(new Dictionary<string, object?>
        {
            ["Look"] = Look.Of(new DefaultHttpContext().Request), ["Panel"] = _panel, ["Content"] = new PanelContent(Grids.Now, [], problem),
        });
    }

    private sealed class Switched : IPanel
    {
        public bool IsLost { get; set; }

        public string Id => "now";

        public Task<PanelContent> ReadAsync(PanelContext context) => IsLost
            ? throw new LedgerUnavailableException("It is away.")
            : Task.FromResult(new PanelContent(Grids.Now, [new NoteBlock("read")]));
    }
}
