using Deconfliction.Grid;
using Deconfliction.Ledger;

namespace Deconfliction.Gateway.Errors;

/// <summary>What the exceptions of grid and ledger mean to a caller. Their own texts stay on this side.</summary>
internal static class ProblemOf
{
    /// <summary>The problem, or nothing where the exception is a fault of the program.</summary>
    public static Problem? Known(Exception exception) => exception switch
    {
        ProblemException told => told.Problem,
        RequestIdReusedException => Problems.RequestIdReused,
        TooManyOverlapsException => Problems.TooManyOverlaps,
        GridOverloadedException busy => Problems.Overloaded(busy.RetryAfter),
        LedgerOverloadedException busy => Problems.Overloaded(busy.RetryAfter),
        OutcomeUnknownException => Problems.OutcomeUnknown,
        LedgerUnavailableException => Problems.LedgerUnavailable,
        FeedPositionException position => Problems.FeedPosition(position),
        _ => null,
    };
}
