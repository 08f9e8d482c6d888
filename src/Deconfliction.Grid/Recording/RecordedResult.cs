using System.Globalization;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Grid.Recording;

/// <summary>
/// An answer's status as the audit record keeps it: upper case, and behind it the number of pointers where the answer had more than it
/// could carry.
/// </summary>
internal static class RecordedResult
{
    public const string Done = "DONE";
    public const string NotFound = "NOT_FOUND";
    public const string AlreadyExists = "ALREADY_EXISTS";
    public const string Revoked = "REVOKED";

    /// <summary>A request came again, and what was shown was shown again.</summary>
    public const string Replayed = "REPLAYED";

    /// <summary>A request over many that has begun.</summary>
    public const string Started = "STARTED";

    public static string Of(Answer answer)
    {
        var word = WordOf(answer.Status);
        return answer.PointerCount > answer.Pointers.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{word} {answer.PointerCount}")
            : word;
    }

    public static string Of(int count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The status, and how many pointers there were beyond those carried, if that was recorded.</summary>
    /// <exception cref="FormatException">The record was not written by this program.</exception>
    public static (AnswerStatus Status, int? PointerCount) Read(string result)
    {
        var space = result.IndexOf(' ', StringComparison.Ordinal);
        var word = space < 0 ? result : result[..space];
        foreach (var status in Enum.GetValues<AnswerStatus>())
        {
            if (WordOf(status) == word)
            {
                return (status, space < 0 ? null : int.Parse(result.AsSpan(space + 1), CultureInfo.InvariantCulture));
            }
        }

        throw new FormatException($"The recorded result {word} is none that this program writes.");
    }

    public static int ReadCount(string result) => int.Parse(result, CultureInfo.InvariantCulture);

    private static string WordOf(AnswerStatus status) => status switch
    {
        AnswerStatus.Done => Done,
        AnswerStatus.Duplicate => "DUPLICATE",
        AnswerStatus.NotFound => NotFound,
        AnswerStatus.Outdated => "OUTDATED",
        AnswerStatus.Ended => "ENDED",
        AnswerStatus.NotACrowd => "NOT_A_CROWD",
        AnswerStatus.AlreadyResolved => "ALREADY_RESOLVED",
        AnswerStatus.CannotBeAsked => "CANNOT_BE_ASKED",
        _ => throw new InvalidOperationException($"The status {status} has no recorded word."),
    };
}
