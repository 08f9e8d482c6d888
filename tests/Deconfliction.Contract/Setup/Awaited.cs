using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Setup;

/// <summary>What comes by itself, waited for.</summary>
public static class Awaited
{
    /// <summary>How long an alert may take (FAULTS.md, F3).</summary>
    public static readonly TimeSpan AlertLimit = TimeSpan.FromSeconds(10);

    /// <summary>The one alert of a kind about an identifier.</summary>
    public static async Task<Alert> AlertAsync(Member member, AlertKind kind, string identifier)
    {
        List<Alert> found = [];
        await Waiting.UntilAsync($"{member.Agency} is told {kind} of {identifier}", AlertLimit, async () =>
            (found = [.. (await member.ReadFeedAsync()).Where(alert => alert.AlertKind == kind && alert.Identifier == identifier)]).Count > 0);
        return Assert.Single(found);
    }

    /// <summary>
    /// The feed once an overlap that is made now is in it. It has one order, so what should have come before and is not there was never raised.
    /// </summary>
    public static async Task<IReadOnlyList<Alert>> SettledFeedAsync(Member member, Member other)
    {
        var value = SharedGrid.UnusedMail();
        await member.Client.Claims.CreateAsync(Requests.Claim(value, "before"), CancellationToken.None);
        await other.Client.Claims.CreateAsync(Requests.Claim(value, "after"), CancellationToken.None);
        await AlertAsync(member, AlertKind.OverlapFound, value);
        return await member.ReadFeedAsync();
    }
}
