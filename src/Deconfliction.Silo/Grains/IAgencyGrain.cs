namespace Deconfliction.Silo.Grains;

/// <summary>An agency's grain: numbers its feed. Its key is the agency's id.</summary>
[Alias("deconfliction.agency")]
public interface IAgencyGrain : IGrainWithStringKey
{
    /// <summary>Says that alerts may be waiting for their numbers.</summary>
    [Alias("nudge")]
    Task NudgeAsync();

    /// <summary>
    /// The head as soon as it is beyond a known position, or what it is when the time is up; sooner where the grain has to leave, so who
    /// still wants to wait asks again.
    /// </summary>
    [Alias("head")]
    Task<long> WaitForHeadAsync(long known, TimeSpan wait, CancellationToken cancellationToken);
}
