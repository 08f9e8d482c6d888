using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Loads;

/// <summary>One kind of call that callers make of the grid. Runners call it: the closed loop, the open one, NBomber's.</summary>
internal interface ILoad
{
    /// <summary>What it is called in tables.</summary>
    string Name { get; }

    /// <summary>One call, the next of its kind. Thread-safe.</summary>
    /// <param name="caller">Whose; callers are spread over the agency's connections.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task CallAsync(int caller, CancellationToken cancellationToken);
}

/// <summary>Numbers of identifiers that nobody has asked for before, in this process.</summary>
internal static class FreshNumbers
{
    private static long s_last = 10_000_000_000;

    /// <summary>The next one.</summary>
    public static long Next() => Interlocked.Increment(ref s_last);
}

/// <summary>Calls with nothing in them: what the transport and the caller's identity cost.</summary>
internal sealed class EmptyCalls(AgencyUnderLoad agency) : ILoad
{
    public string Name => "empty calls";

    public Task CallAsync(int caller, CancellationToken cancellationToken) => agency.AskHealthAsync(caller, cancellationToken);
}

/// <summary>Claims, each on an identifier that nobody claims.</summary>
internal sealed class FreshClaims(AgencyUnderLoad agency) : ILoad
{
    public string Name => "claims on fresh identifiers";

    public Task CallAsync(int caller, CancellationToken cancellationToken) =>
        agency.ClaimAsync(caller, GeneratedValues.Sha256(FreshNumbers.Next()), cancellationToken);
}

/// <summary>Claims of which one in so many meets another agency's, as long as there are such: of those numbered from 0 on each is met once.</summary>
/// <param name="agency">Who claims.</param>
/// <param name="every">How often one meets.</param>
/// <param name="claimed">How many others have claimed.</param>
internal sealed class MeetingClaims(AgencyUnderLoad agency, int every, int claimed) : ILoad
{
    private int _calls;

    public string Name => FormattableString.Invariant($"claims of which one in {every} meets another agency's");

    public Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var (meets, rest) = Math.DivRem(Interlocked.Increment(ref _calls) - 1, every);
        var number = rest == 0 && meets < claimed ? meets : FreshNumbers.Next();
        return agency.ClaimAsync(caller, GeneratedValues.Sha256(number), cancellationToken);
    }
}

/// <summary>Checks, some of which hit: of identifiers that another agency claims, those numbered from 0 on.</summary>
/// <param name="agency">Who checks.</param>
/// <param name="hits">Hits in 100,000 checks.</param>
/// <param name="claimed">How many are claimed.</param>
internal sealed class Checks(AgencyUnderLoad agency, int hits, int claimed) : ILoad
{
    /// <summary>What the rate of hits is a share of.</summary>
    public const int Whole = 100_000;

    public string Name => FormattableString.Invariant($"checks, {hits * 100.0 / Whole:0.###} % hit");

    public Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var number = FreshNumbers.Next();
        var value = GeneratedValues.Scatter(number, Whole) < hits ? GeneratedValues.Scatter(-number, claimed) : number;
        return agency.CheckAsync(caller, GeneratedValues.Sha256(value), cancellationToken);
    }
}

/// <summary>Of one load a share, the rest of another.</summary>
/// <param name="share">Of the first, in percent.</param>
/// <param name="first">The first.</param>
/// <param name="rest">The other.</param>
internal sealed class Mix(int share, ILoad first, ILoad rest) : ILoad
{
    private long _calls;

    public string Name => $"{share} % {first.Name}, {100 - share} % {rest.Name}";

    public Task CallAsync(int caller, CancellationToken cancellationToken) =>
        (GeneratedValues.Scatter(Interlocked.Increment(ref _calls), 100) < share ? first : rest).CallAsync(caller, cancellationToken);
}
