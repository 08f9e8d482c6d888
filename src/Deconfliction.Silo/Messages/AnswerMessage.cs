using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;
using Deconfliction.Ledger;

namespace Deconfliction.Silo.Messages;

/// <summary>Why there is no answer. The numbers go over the wire.</summary>
public enum Refusal
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary><see cref="GridOverloadedException"/>: nothing was done.</summary>
    GridOverloaded = 1,

    /// <summary><see cref="LedgerOverloadedException"/>: nothing was done.</summary>
    LedgerOverloaded = 2,

    /// <summary><see cref="LedgerUnavailableException"/>: nothing was done.</summary>
    LedgerUnavailable = 3,

    /// <summary><see cref="OutcomeUnknownException"/>: it may have been done.</summary>
    OutcomeUnknown = 4,

    /// <summary><see cref="RequestIdReusedException"/>.</summary>
    RequestIdReused = 5,

    /// <summary><see cref="TooManyOverlapsException"/>: nothing was done.</summary>
    TooManyOverlaps = 6,
}

/// <summary>
/// What a turn came to. The exceptions that the grid's callers know are part of it and arrive as themselves; any other goes through
/// Orleans as the fault that it is.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("deconfliction.answer-message")]
public sealed class AnswerMessage
{
    private AnswerMessage(Answer? answer, Refusal refusal, string message, TimeSpan retryAfter)
    {
        Answer = answer;
        Refusal = refusal;
        Message = message;
        RetryAfter = retryAfter;
    }

    /// <summary>The answer, where there is one.</summary>
    [Id(0)]
    public Answer? Answer { get; }

    /// <summary>Why there is none.</summary>
    [Id(1)]
    public Refusal Refusal { get; }

    /// <summary>What the refusal says.</summary>
    [Id(2)]
    public string Message { get; }

    /// <summary>When it is worth to try again.</summary>
    [Id(3)]
    public TimeSpan RetryAfter { get; }

    /// <summary>An answer.</summary>
    public static AnswerMessage Of(Answer answer) => new(answer, Refusal.None, "", TimeSpan.Zero);

    /// <summary>A refusal; nothing where the exception is none that callers know.</summary>
    public static AnswerMessage? Of(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            GridOverloadedException overloaded => new(null, Refusal.GridOverloaded, overloaded.Message, overloaded.RetryAfter),
            LedgerOverloadedException overloaded => new(null, Refusal.LedgerOverloaded, overloaded.Message, overloaded.RetryAfter),
            LedgerUnavailableException => new(null, Refusal.LedgerUnavailable, problem.Message, TimeSpan.Zero),
            OutcomeUnknownException => new(null, Refusal.OutcomeUnknown, problem.Message, TimeSpan.Zero),
            RequestIdReusedException => new(null, Refusal.RequestIdReused, problem.Message, TimeSpan.Zero),
            TooManyOverlapsException => new(null, Refusal.TooManyOverlaps, problem.Message, TimeSpan.Zero),
            _ => null,
        };
    }

    /// <summary>The answer.</summary>
    /// <exception cref="GridOverloadedException">Refused so where it was taken.</exception>
    /// <exception cref="LedgerOverloadedException">Refused so where it was taken.</exception>
    /// <exception cref="LedgerUnavailableException">Refused so where it was taken.</exception>
    /// <exception cref="OutcomeUnknownException">Refused so where it was taken.</exception>
    /// <exception cref="RequestIdReusedException">Refused so where it was taken.</exception>
    /// <exception cref="TooManyOverlapsException">Refused so where it was taken.</exception>
    public Answer AnswerOrThrow() => Refusal switch
    {
        Refusal.None when Answer is { } answer => answer,
        Refusal.GridOverloaded => throw new GridOverloadedException(Message, RetryAfter),
        Refusal.LedgerOverloaded => throw new LedgerOverloadedException(Message, RetryAfter),
        Refusal.LedgerUnavailable => throw new LedgerUnavailableException(Message),
        Refusal.OutcomeUnknown => throw new OutcomeUnknownException(Message),
        Refusal.RequestIdReused => throw new RequestIdReusedException(),
        Refusal.TooManyOverlaps => throw new TooManyOverlapsException(Message),
        _ => throw new InvalidOperationException($"An answer came that is neither an answer nor a refusal known here ({(int)Refusal}); run one version on all silos."),
    };
}
