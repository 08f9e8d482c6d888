using System.Text.Json;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels.Identifiers;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Domain.Identifiers;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Nodes;

/// <summary>What leaves a node, for its own pages and for other nodes': no tag, not even in part.</summary>
public sealed class LocalViewTests
{
    private static readonly Tag s_tag = new([.. Enumerable.Range(1, Tag.Length).Select(i => (byte)(i * 7))]);

    [Fact]
    public void View_OfAHotIdentifier_HasItsPseudonymAndNothingOfItsTag()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        using var recorder = new Recorder(time);
        var pseudonyms = new Pseudonyms([.. Enumerable.Repeat((byte)9, 32)], time);
        var view = new LocalView(new Node(), recorder, pseudonyms, time).Read();

        var busy = Assert.Single(view.Identifiers);
        Assert.Equal((pseudonyms.Of(s_tag), "ip", 12), (busy.Pseudonym, busy.Kind, busy.Count));
        var bytes = new byte[Tag.Length];
        s_tag.CopyTo(bytes);
        var written = JsonSerializer.Serialize(view);
        // Four bytes of it would be enough to try values against.
        Assert.All(Enumerable.Range(0, Tag.Length - 4), from =>
        {
            Assert.DoesNotContain(Convert.ToHexString(bytes, from, 4), written, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(bytes, from, 3), written, StringComparison.Ordinal);
        });

        // And tomorrow it has another.
        time.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(busy.Pseudonym, pseudonyms.Of(s_tag));
    }

    private sealed class Node : ILocalNode
    {
        public string Name => "silo-1";

        public string Version => "0.1.0";

        public string Problem => "";

        public bool IsDraining => false;

        public IReadOnlyList<ProblemCount> Problems() => [];

        public IReadOnlyList<AgencyActivity> Agencies() => [];

        public IReadOnlyList<HotTag> Identifiers() => [new(s_tag, "ip", null, 12)];

        public IReadOnlyList<RecentOverlap> Overlaps() => [];
    }
}
