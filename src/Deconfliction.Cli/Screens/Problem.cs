using Deconfliction.Cli.Text;
using Deconfliction.Client;
using Deconfliction.Client.Identities;

namespace Deconfliction.Cli.Screens;

/// <summary>An error as it is shown: what, where, why, and the remedy.</summary>
internal sealed record Problem(ExitStatus Exit, string Status, string Reason, string Description, string Field = "", string Remedy = "")
{
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The command line, or a file that it names, is wrong.</summary>
    public static Problem WrongUse(string reason, string description, string remedy, string field = "") =>
        new(ExitStatus.WrongUse, "INVALID_ARGUMENT", reason, description, field, remedy);

    /// <summary>An identity file cannot be used.</summary>
    public static Problem Of(IdentityException problem) => WrongUse("BAD_IDENTITY_FILE", problem.Message, problem.Remedy);

    /// <summary>What the grid answered, or that it could not be asked.</summary>
    public static Problem Of(GridError error)
    {
        var remedy = RemedyOf(error);
        return new Problem(ExitOf(error), error.Status, error.Reason, Without(remedy, error.Description), error.Field, remedy)
        {
            RetryAfter = error.RetryAfter,
        };
    }

    public void WriteTo(TextWriter output, bool json, Speech speech)
    {
        if (json)
        {
            output.WriteLine(JsonLine.Of(ToRecord()));
            return;
        }

        output.WriteLine($"{speech.Of("error")}: {Printable.Of(speech.Of(Description))}");
        Line(output, speech.Of("where"), Field);
        Line(output, speech.Of("why"), Reason.Length > 0 ? $"{Status}, {Reason}" : Status);
        Line(output, speech.Of("remedy"), speech.Of(Remedy));
        Line(output, speech.Of("retry after"), RetryAfter is { } wait ? $"{wait.TotalSeconds:0.###} s" : "");
    }

    private Record ToRecord()
    {
        var record = new Record().Text("error", Status).Text("reason", Reason).Text("description", Description)
            .Text("field", Field).Text("remedy", Remedy).Number("exit_status", (long)Exit);
        return RetryAfter is { } wait ? record.Seconds("retry_after_seconds", wait) : record;
    }

    private static void Line(TextWriter output, string label, string text)
    {
        if (text.Length > 0)
        {
            output.WriteLine($"  {label + ":",-13}{Printable.Of(text)}");
        }
    }

    // The status message ends with the remedy, for clients that read no details; here it has a line of its own.
    private static string Without(string remedy, string description) =>
        remedy.Length > 0 && description.Length > remedy.Length && description.EndsWith(remedy, StringComparison.Ordinal)
            ? description[..^remedy.Length].TrimEnd()
            : description;

    private static ExitStatus ExitOf(GridError error) =>
        error.IsRefusal ? ExitStatus.Refused : error.IsUnreachable ? ExitStatus.Unreachable : ExitStatus.SomeRejected;

    private static string RemedyOf(GridError error) => (error.Remedy, error.Status) switch
    {
        ({ Length: > 0 } remedy, _) => remedy,
        (_, "UNAVAILABLE") => "See that the server runs and that --server names it; then do the same again, which is safe.",
        (_, "DEADLINE_EXCEEDED") => "The outcome is unknown. Do the same again, which is safe.",
        (_, "UNAUTHENTICATED") when error.Reason == "TLS_HANDSHAKE" =>
            "Name the grid's authority with --ca, and with --server a name of the server's certificate and the port for agencies, not that of the operations pages.",
        (_, "UNAUTHENTICATED") => "Name the agency's own, unexpired certificate and key with --identity, and the grid's authority with --ca.",
        (_, "PERMISSION_DENIED") => "Ask the operator which role the agency has; another role may do this.",
        (_, "NOT_FOUND") => "Check the number. Only what belongs to the agency itself can be found.",
        _ => "",
    };
}
