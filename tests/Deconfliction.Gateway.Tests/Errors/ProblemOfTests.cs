using Deconfliction.Gateway.Errors;
using Deconfliction.Grid;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Tests.Errors;

public sealed class ProblemOfTests
{
    // Told as 'busy, retry after a minute' it would be retried for ever.
    [Fact]
    public void TooManyOverlaps_NamesWhatWhereWhyAndRemedy_AndNoTimeToRetryAfter()
    {
        var problem = ProblemOf.Known(new TooManyOverlapsException("inside"))!;

        Assert.Equal((StatusCode.FailedPrecondition, "TOO_MANY_OVERLAPS"), (problem.Code, problem.Reason));
        Assert.Equal("disclosure", Assert.Single(problem.Violations).Field);
        Assert.Contains("more than 20000 overlaps of the claim", problem.Description, StringComparison.Ordinal);
        Assert.Contains("release the claim and claim the identifier anew with this disclosure", problem.Remedy, StringComparison.Ordinal);
        Assert.Null(problem.RetryAfter);
    }
}
