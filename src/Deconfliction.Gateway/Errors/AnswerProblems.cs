using Deconfliction.Domain.Deciding;

namespace Deconfliction.Gateway.Errors;

/// <summary>Answers of the grid that are refusals.</summary>
internal static class AnswerProblems
{
    /// <summary>The answer, where what was asked for was done.</summary>
    /// <param name="answer">What the grid said.</param>
    /// <param name="notFound">What it means that there is no such object.</param>
    /// <exception cref="ProblemException">It was not done.</exception>
    public static Answer Require(Answer answer, Problem notFound) => answer.Status switch
    {
        AnswerStatus.Done or AnswerStatus.Duplicate => answer,
        AnswerStatus.NotFound => throw new ProblemException(notFound),
        AnswerStatus.Outdated => throw new ProblemException(Problems.Outdated),
        AnswerStatus.Ended => throw new ProblemException(Problems.ClaimEnded),
        AnswerStatus.NotACrowd => throw new ProblemException(Problems.NotACrowd),
        AnswerStatus.AlreadyResolved => throw new ProblemException(Problems.AlreadyResolved),
        AnswerStatus.CannotBeAsked => throw new ProblemException(Problems.CannotBeAsked),
        _ => throw new InvalidOperationException($"The grid answered with a status that the gateway does not know: {answer.Status}."),
    };
}
