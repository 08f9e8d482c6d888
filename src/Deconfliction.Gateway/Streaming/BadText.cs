using Deconfliction.Gateway.Errors;

namespace Deconfliction.Gateway.Streaming;

/// <summary>What of a message's text is not UTF-8, by paths of fields; nothing where all is.</summary>
internal readonly record struct BadText(IReadOnlyList<string>? Fields)
{
    private const string Items = "items[";

    /// <summary>What is wrong with one item: its own text, or what the message says for all of its items.</summary>
    /// <param name="item">Which of the message's items, from 0.</param>
    public Problem? Of(int item)
    {
        if (Fields is null)
        {
            return null;
        }

        var own = $"{Items}{item}].";
        foreach (var field in Fields)
        {
            if (field.StartsWith(own, StringComparison.Ordinal))
            {
                return Refusal(field[own.Length..]);
            }

            if (!field.StartsWith(Items, StringComparison.Ordinal))
            {
                return Refusal(field);
            }
        }

        return null;
    }

    private static Problem Refusal(string field) =>
        Problem.Invalid([new Violation(field, "INVALID_UTF8", "The text is not UTF-8.", "Encode all text in UTF-8, and send the item again.")]);
}
