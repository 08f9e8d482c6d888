using System.Text;
using Deconfliction.Gateway.Errors;

namespace Deconfliction.Gateway.Input;

/// <summary>Collects what is wrong with a request, all of it; costs nothing where nothing is.</summary>
internal sealed class Faults
{
    private List<Violation>? _violations;

    public bool Any => _violations is not null;

    /// <summary>The problem, where there is one.</summary>
    public Problem? Problem => _violations is { } violations ? Problem.Invalid(violations) : null;

    public void Add(string field, string reason, string description, string remedy) =>
        (_violations ??= []).Add(new Violation(field, reason, description, remedy));

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (Problem is { } problem)
        {
            throw new ProblemException(problem);
        }
    }

    /// <summary>A text that must be there, and be short and plain.</summary>
    public void Required(string field, string text, int maximumBytes, string what)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(field, "MISSING_" + ReasonPart(field), $"{what} is missing.", "Give it.");
            return;
        }

        Optional(field, text, maximumBytes);
    }

    /// <summary>A text that may be there, and is then short and plain.</summary>
    public void Optional(string field, string text, int maximumBytes)
    {
        if (text.Length > maximumBytes / 3 && Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maximumBytes)
        {
            Add(field, "TOO_LONG", $"The text has {bytes} bytes of UTF-8; at most {maximumBytes} are taken.", "Shorten it. Case content does not belong here.");
        }
        else if (HasControls(text))
        {
            // Among them zero, which a database cannot keep, and line ends, which would forge lines in what readers see.
            Add(field, "CONTROL_CHARACTER", "The text holds a control character.", "Give one line of plain text.");
        }
        else if (text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // What a program makes of bytes that are not UTF-8: a reference that nobody wrote, a contact that cannot be read.
            Add(field, "NOT_A_CHARACTER", "The text holds U+FFFD, which stands for bytes that were not UTF-8.", "Give the text in UTF-8.");
        }
    }

    // "claim.case_reference" is CASE_REFERENCE.
    private static string ReasonPart(string field) =>
        field[(field.LastIndexOf('.') + 1)..].ToUpperInvariant();

    private static bool HasControls(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
            {
                return true;
            }
        }

        return false;
    }
}
