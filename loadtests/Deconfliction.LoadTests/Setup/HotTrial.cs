using System.Diagnostics;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;
using Deconfliction.Ledger;

namespace Deconfliction.LoadTests.Setup;

/// <summary>A grid without a gateway, and what an agency asks of it on <see cref="LongIdentifiers"/>, one call after another.</summary>
internal sealed class HotTrial(IGrid grid, IIdSource ids)
{
    /// <summary>Live claims of the long one.</summary>
    public const int Long = 100_000;

    private static readonly AgencyId s_newcomer = AgencyId.Parse("newcomer");
    private int _next;

    /// <summary>How long a claim takes that meets ten, on an identifier with so many; it is released again, so that the next finds as many.</summary>
    /// <exception cref="InvalidOperationException">It did not meet ten.</exception>
    public async Task<TimeSpan> ClaimAsync(int claims, CancellationToken cancellationToken)
    {
        var window = LongIdentifiers.Window(_next++ * 7919 % (claims / LongIdentifiers.Met));
        var draft = LongIdentifiers.Draft(s_newcomer, "CASE-1", window, port: null, grid.Now, ids);
        var started = Stopwatch.GetTimestamp();
        var answer = await grid.MakeClaimAsync(
            LongIdentifiers.Key(claims), new Command.MakeClaim(draft, Lifetime: null, Hazard: null), Request(), cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (answer.PointerCount != LongIdentifiers.Met)
        {
            throw new InvalidOperationException($"The claim met {answer.PointerCount} and should have met {LongIdentifiers.Met}.");
        }

        await grid.ReleaseClaimAsync(answer.Claim!.Id, Request(), cancellationToken);
        return elapsed;
    }

    /// <summary>How long a check takes, on an identifier with so many claims.</summary>
    public async Task<TimeSpan> CheckAsync(int claims, CancellationToken cancellationToken)
    {
        var check = new Command.Check(s_newcomer, AgencyRole.LawEnforcement, "CASE-1", "load test", LongIdentifiers.Window(4_711), Port: null, Hazard: null);
        var started = Stopwatch.GetTimestamp();
        await grid.CheckAsync(LongIdentifiers.Key(claims), check, Request(), cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }

    private static RequestContext Request() => new(
        new Caller(s_newcomer, AgencyRole.LawEnforcement, "01ab"), "officer-7", Guid.CreateVersion7(), new byte[32], Lane.Interactive);
}
