using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Errors;

/// <summary>One field that is wrong, and what would be right.</summary>
internal readonly record struct Violation(string Field, string Reason, string Description, string Remedy);

/// <summary>Why something was not done, apart from how it is told: as the end of a call, or as one item's answer in a stream.</summary>
internal sealed record Problem(StatusCode Code, string Reason, string Description, string Remedy)
{
    /// <summary>When the same may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The fields at fault, all of them.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Facts that programs read.</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }

    /// <summary>A request with fields that are wrong; the reason is the first one's.</summary>
    public static Problem Invalid(IReadOnlyList<Violation> violations)
    {
        var first = violations[0];
        return new Problem(StatusCode.InvalidArgument, first.Reason, first.Description, first.Remedy) { Violations = violations };
    }

    /// <summary>The end of a call (AIP-193): the message for people, the reason, fields and delay for programs.</summary>
    public RpcException ToException(Exception? cause = null)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["remedy"] = Remedy };
        foreach (var (key, value) in Facts ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            facts[key] = value;
        }

        var error = RichError.Of(Code, $"{Description} {Remedy}").WithInfo(Reason, metadata: facts);
        foreach (var violation in Violations)
        {
            error.WithField(violation.Field, $"{violation.Description} {violation.Remedy}", violation.Reason);
        }

        return (RetryAfter is { } delay ? error.WithRetry(delay) : error).ToException(cause);
    }

    /// <summary>The answer to one item of a stream.</summary>
    /// <param name="within">Path of the checked message within the item, before each field.</param>
    public ItemError ToItemError(string within = "")
    {
        var field = Violations.Count > 0 ? Violations[0].Field : "";
        return new ItemError
        {
            Code = (int)Code,
            Reason = Reason,
            Field = field.Length > 0 ? within + field : "",
            Description = Violations.Count > 1 ? string.Join(' ', Violations.Select(violation => violation.Description)) : Description,
            Remedy = Remedy,
            RetryAfterMs = RetryAfter is { } delay ? (long)Math.Ceiling(delay.TotalMilliseconds) : 0,
        };
    }
}

/// <summary>Carries a problem out of a service method.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Reason)
{
    public Problem Problem { get; } = problem;
}
