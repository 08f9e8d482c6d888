using System.CommandLine;
using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Invocation;
using Deconfliction.Client.Import;

namespace Deconfliction.Cli.Import;

/// <summary><c>import FILE</c>.</summary>
internal static class ImportCommand
{
    public static Command Build(Runner runner)
    {
        var file = new Argument<string>("FILE") { Description = "TSV or CSV with a header line, or JSON lines: columns kind, value, and any attribute of a claim." };
        var attributes = new ClaimAttributes(caseRequired: false);
        var format = new Option<FileFormat?>("--format")
        {
            Description = "How the file is written: tsv, csv or jsonl (default: as its name says).",
            HelpName = "FORMAT",
            CustomParser = result =>
            {
                if (Enum.TryParse<FileFormat>(result.Tokens[0].Value, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(result.Tokens[0].Value[0]))
                {
                    return value;
                }

                result.AddError($"--format '{result.Tokens[0].Value}' is unknown. Give tsv, csv or jsonl.");
                return null;
            },
        };
        var ignored = new Option<string[]>("--ignore") { Description = "A column that is not looked at; may be repeated.", HelpName = "COLUMN" };
        var retryFor = Inputs.Number("--retry-for", "How long to try to reach a server that went away (default: 60).", "SECONDS", 0, 86_400);
        var command = new Command("import", "Claim many identifiers. May be stopped at any moment and done again: what was claimed counts as duplicate.")
        {
            file, format, ignored, retryFor,
        };
        attributes.AddTo(command);
        return runner.Handle(command, (call, token) => new ImportRun(call, call.Value(file)).RunAsync(
            call.Value(format),
            attributes.Read(call),
            call.Value(ignored) ?? [],
            new ImportOptions { RetryFor = TimeSpan.FromSeconds(call.Value(retryFor) ?? 60) },
            token));
    }
}
