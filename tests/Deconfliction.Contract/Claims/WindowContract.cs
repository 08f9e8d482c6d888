using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Contract.Claims;

/// <summary>
/// Addresses with windows and ports: claims meet where their windows do, and where the ports agree if both name one. Behind one address are
/// up to hundreds of customers, so anything else would be a wrong pointer. Windows are in minutes from one noon.
/// </summary>
public abstract class WindowContract(SharedGrid shared)
{
    private const int Day = 24 * 60;
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Two seen times, whether they meet, and whether one of them was taken for the whole life of its claim.</summary>
    public static TheoryData<Seen, Seen, bool, bool> Pairs => new()
    {
        { new(0, 60), new(30, 90), true, false },
        { new(0, 60), new(10, 20), true, false },
        { new(0, 60), new(0, 60), true, false },
        { new(0, 60), new(60, 120), false, false },
        { new(0, 60), new(60, 120, Tolerance: 1), true, false },
        { new(0, 60), new(90, 120), false, false },
        { new(0, 60, Tolerance: 15), new(90, 120, Tolerance: 15), false, false },
        { new(0, 60, Tolerance: 15), new(90, 120, Tolerance: 16), true, false },
        { new(0, 60), new(), true, true },
        { new(), new(), true, false },
        { new(0, 60, Port: 443), new(30, 90, Port: 443), true, false },
        { new(0, 60, Port: 443), new(30, 90, Port: 444), false, false },
        { new(0, 60, Port: 443), new(30, 90), true, false },
        { new(0, 60, Port: 443), new(60, 90, Port: 443), false, false },
        { new(Port: 443), new(Port: 444), false, false },
        { new(Port: 443), new(Port: 443), true, false },
        { new(Port: 443), new(0, 60), true, true },
    };

    /// <summary>What is wrong with a window: the field within a claim or check, and the reason.</summary>
    public static TheoryData<string, string, Window> Refused => new()
    {
        { "window", "WINDOW_TOO_LONG", new Seen(0, (31 * Day) + 1).Window! },
        { "window.until", "DATES_OUT_OF_ORDER", new Seen(60, 0).Window! },
        { "window.until", "DATES_OUT_OF_ORDER", new Seen(0, 0).Window! },
        { "window.from", "MISSING_TIME", new Window { Until = Timestamp.FromDateTimeOffset(Noon) } },
        { "window.tolerance", "INVALID_TOLERANCE", new Seen(0, 60, Tolerance: Day + 1).Window! },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Claims_OnOneAddress_MeetWhereWindowsDoAndPortsAgree(Seen one, Seen other, bool meet, bool assumed)
    {
        foreach (var (first, second) in new[] { (one, other), (other, one) })
        {
            var address = SharedGrid.UnusedAddress();
            var made = (await shared.Alpha.Client.Claims.CreateAsync(Claim(address, "A-1", first), None)).Claim;
            Assert.Equal((first.Window, (uint)first.Port), (made.Window, made.Port));

            var check = Requests.Check(address, kind: "ip");
            (check.Window, check.Port) = (second.Window, (uint)second.Port);
            var hits = (await shared.Bravo.Elsewhere.Checks.CheckAsync(check, None)).Hits;
            var overlaps = (await shared.Bravo.Client.Claims.CreateAsync(Claim(address, "B-1", second), None)).Overlaps;

            Assert.Equal(Expected("alpha"), hits.Select(hit => (hit.Agency, hit.Strength, hit.WindowAssumed)));
            Assert.Equal(Expected("alpha"), overlaps.Select(met => (met.OtherAgency, met.Strength, met.WindowAssumed)));
            var listed = await shared.Alpha.Elsewhere.Overlaps.ListAsync(new ListOverlapsRequest { Claim = made.Claim_ }, None).ToListAsync();
            Assert.Equal(Expected("bravo"), listed.Select(met => (met.OtherAgency, met.Strength, met.WindowAssumed)));
        }

        IEnumerable<(string, Strength, bool)> Expected(string agency) => meet ? [(agency, Strength.Exact, assumed)] : [];
    }

    [Fact]
    public async Task Claim_MeetsOfManyWindowsThoseAlone()
    {
        var address = SharedGrid.UnusedAddress();
        for (var hour = 0; hour < 12; hour++)
        {
            await shared.Alpha.At(shared.Grid.Nodes[hour % shared.Grid.Nodes.Count]).Claims.CreateAsync(
                Claim(address, $"A-{hour}", new Seen(60 * hour, 60 * (hour + 1))), None);
        }

        // From half past three to seven: the hour that begins at seven is not touched.
        var met = await shared.Bravo.Client.Claims.CreateAsync(Claim(address, "B-1", new Seen(210, 420)), None);

        Assert.Equal(["A-3", "A-4", "A-5", "A-6"], met.Overlaps.Select(overlap => overlap.OtherCase).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Claim_InTheSameCase_IsTheSameOnlyWithTheSameWindowAndPort()
    {
        var address = SharedGrid.UnusedAddress();
        var first = await shared.Alpha.Client.Claims.CreateAsync(Claim(address, "A-1", new Seen(0, 60, Port: 443)), None);
        var again = await shared.Alpha.Elsewhere.Claims.CreateAsync(Claim(address, "A-1", new Seen(0, 60, Port: 443)), None);
        Assert.Equal((true, first.Claim.Claim_), (again.Duplicate, again.Claim.Claim_));

        foreach (var other in new Seen[] { new(0, 61, Port: 443), new(0, 60, Port: 444), new(0, 60), new(0, 60, Tolerance: 1, Port: 443), new() })
        {
            Assert.False((await shared.Alpha.Elsewhere.Claims.CreateAsync(Claim(address, "A-1", other), None)).Duplicate);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task WindowThatIsWrong_InClaimImportAndCheck_NamesFieldReasonAndRemedy(string field, string reason, Window window)
    {
        var claim = Requests.Claim(SharedGrid.UnusedAddress(), "A-1", kind: "ip");
        claim.Claim.Window = window;
        var check = Requests.Check(SharedGrid.UnusedAddress(), kind: "ip");
        check.Window = window;

        AssertRefused("claim." + field, reason, await Assert.ThrowsAsync<GridException>(() => shared.Alpha.Client.Claims.CreateAsync(claim, None)));
        AssertRefused(field, reason, await Assert.ThrowsAsync<GridException>(() => shared.Alpha.Elsewhere.Checks.CheckAsync(check, None)));
        var item = Assert.Single(await shared.Alpha.Channel.ImportAsync(claim)).Rejected;
        Assert.Equal(("claim." + field, reason), (item.Field, item.Reason));
        Assert.NotEqual("", item.Remedy);
    }

    [Fact]
    public async Task Window_OfTheCap_IsTaken()
    {
        var longest = new Seen(0, 31 * Day);
        var made = await shared.Alpha.Client.Claims.CreateAsync(Claim(SharedGrid.UnusedAddress(), "A-1", longest), None);
        Assert.Equal(longest.Window, made.Claim.Window);
    }

    private static void AssertRefused(string field, string reason, GridException refused)
    {
        Assert.Equal(("INVALID_ARGUMENT", field, reason), (refused.Error.Status, refused.Error.Field, refused.Error.Reason));
        Assert.NotEqual("", refused.Error.Remedy);
    }

    private static CreateClaimRequest Claim(string address, string reference, Seen seen)
    {
        var request = Requests.Claim(address, reference, kind: "ip");
        (request.Claim.Window, request.Claim.Port) = (seen.Window, (uint)seen.Port);
        return request;
    }

    /// <summary>When an address was seen, in minutes from noon, and on which port; 0 to 0 without a tolerance is no window where not said otherwise.</summary>
    public sealed record Seen(int? From = null, int Until = 0, int Tolerance = 0, int Port = 0)
    {
        /// <summary>As the protocol has it.</summary>
        public Window? Window => From is not { } from ? null : new Window
        {
            From = Timestamp.FromDateTimeOffset(Noon.AddMinutes(from)),
            Until = Timestamp.FromDateTimeOffset(Noon.AddMinutes(Until)),
            Tolerance = Tolerance == 0 ? null : Duration.FromTimeSpan(TimeSpan.FromMinutes(Tolerance)),
        };
    }
}
