using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Gateway;

/// <summary>What of the gateway an operator can set. Validated where it is read, at the start.</summary>
public sealed record GatewayOptions
{
    /// <summary>Checks that one agency may make a minute, over all its connections; up to a minute's worth at once.</summary>
    public long ChecksPerMinute { get; init; } = 60_000;

    /// <summary>Claims that one agency may make a minute, over all its connections; up to a minute's worth at once.</summary>
    public long ClaimsPerMinute { get; init; } = 3_000_000;

    /// <summary>The longest window of an address: a longer one means nothing behind an address that hundreds share.</summary>
    public TimeSpan MaximumWindow { get; init; } = TimeSpan.FromDays(31);

    /// <summary>How far a window's tolerance may reach.</summary>
    public TimeSpan MaximumTolerance { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Disclosure of claims that name none.</summary>
    public Disclosure DefaultDisclosure { get; init; } = Disclosure.Open;

    /// <summary>Items of one stream under way at once.</summary>
    public int StreamWindow { get; init; } = 1_000;

    /// <summary>The periods and limits of the rules; the same that the grid decides by.</summary>
    public Policy Policy { get; init; } = new();
}
