using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Silo.Clustering;

namespace Deconfliction.Silo.Panels;

/// <summary>
/// This silo's end of the cluster's operations pages: says what it is doing when another silo's pages ask, and drains when they say so.
/// The pages are put together after the silo has joined its cluster, so they are let in later.
/// </summary>
internal sealed class LocalPanel(ResidentGrains residents)
{
    // A page that is opened asks until it has all: a day is some hundred kilobytes, and no answer is to hold up other messages.
    private const int MostSamples = 20;
    private volatile Pages? _pages;

    /// <summary>From now on the pages are there.</summary>
    public void Join(LocalView view, INodeControl control, MembershipRecord record) => _pages = new Pages(view, control, record);

    /// <summary>This silo as its own pages show it; nothing before they are there.</summary>
    public NodeView? Read() => _pages is { } pages ? pages.View.Read() with { Activations = Activations() } : null;

    /// <summary>What it says to another.</summary>
    public PanelReport Report(SampleMark after, bool withAgencies) => _pages is { } pages
        ? PanelWire.Write(
            pages.View.ReadWithoutSamples() with { Activations = Activations() }, pages.View.SamplesAfter(after, MostSamples),
            pages.Record.JoinedAt, withAgencies)
        : new PanelReport { Format = PanelWire.Format, Problem = "starting" };

    /// <summary>Takes no more work, finishes what is under way, and stops; whether it was told.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken) =>
        _pages is { } pages && await pages.Control.DrainAsync(pages.View.Name, cancellationToken) == DrainResult.Told;

    private IReadOnlyList<ActivationCount> Activations() =>
        [.. residents.CountByKind.OrderByDescending(static kind => kind.Value).Select(static kind => new ActivationCount(kind.Key, kind.Value))];

    private sealed record Pages(LocalView View, INodeControl Control, MembershipRecord Record);
}
