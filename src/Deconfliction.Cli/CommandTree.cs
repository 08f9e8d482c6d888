using System.CommandLine;
using System.CommandLine.Help;
using Deconfliction.Cli.Agencies;
using Deconfliction.Cli.Alerts;
using Deconfliction.Cli.Audit;
using Deconfliction.Cli.Checks;
using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Identities;
using Deconfliction.Cli.Import;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Overlaps;
using Deconfliction.Cli.Screens;
using Deconfliction.Cli.Text;

namespace Deconfliction.Cli;

/// <summary>The program: all its commands, and one run of it.</summary>
internal static class CommandTree
{
    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit status (<see cref="ExitStatus"/>).</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        surroundings = surroundings with { Speech = Speech.Of(arguments, surroundings.Variable) };
        var globals = new GlobalOptions();
        var parsed = Build(globals, surroundings).Parse(arguments, Configuration);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            return (int)WrongUse(parsed, globals, surroundings);
        }

        if (parsed.Action is HelpAction)
        {
            return await HelpAsync(parsed, surroundings);
        }

        var status = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = surroundings.Output, Error = surroundings.Error, EnableDefaultExceptionHandler = false },
            cancellationToken);
        await surroundings.Output.FlushAsync(CancellationToken.None);
        return status;
    }

    private static async Task<int> HelpAsync(ParseResult parsed, Surroundings surroundings)
    {
        await using var help = new StringWriter();
        var status = await parsed.InvokeAsync(new InvocationConfiguration { Output = help, Error = surroundings.Error }, CancellationToken.None);
        await surroundings.Output.WriteAsync(HelpText.In(surroundings.Speech, help.ToString()));
        await surroundings.Output.FlushAsync(CancellationToken.None);
        return status;
    }

    /// <summary>All commands.</summary>
    public static RootCommand Build(GlobalOptions globals, Surroundings surroundings)
    {
        var runner = new Runner(globals, surroundings);
        var root = new RootCommand("Tells agencies that work on the same identifiers of each other, and whom to call. See README.md.")
        {
            ClaimCommand.Build(runner),
            CheckCommand.Build(runner),
            ImportCommand.Build(runner),
            ClaimsCommand.Build(runner),
            CaseCommand.Build(runner),
            OverlapsCommand.Build(runner),
            AlertsCommand.Build(runner),
            IdentityCommand.Build(runner),
            AgencyCommand.Build(runner),
            AuditCommand.Build(runner),
        };
        foreach (var option in globals.All)
        {
            root.Add(option);
        }

        // [suggest] and its kin would swallow a value in brackets.
        root.Directives.Clear();
        Describe(root, surroundings.Speech);
        return root;
    }

    // What a command and its options are for, in the reader's language.
    private static void Describe(Command command, Speech speech)
    {
        foreach (var symbol in command.Options.Concat<Symbol>(command.Arguments).Append(command).Where(static symbol => symbol.Description is not null))
        {
            symbol.Description = speech.Of(symbol.Description!);
        }

        foreach (var inner in command.Subcommands)
        {
            Describe(inner, speech);
        }
    }

    // '@someone' is a handle here, never a response file; '-abc' is no bundle.
    private static ParserConfiguration Configuration => new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private static ExitStatus WrongUse(ParseResult parsed, GlobalOptions globals, Surroundings surroundings)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "deconflict" : $"deconflict {string.Join(' ', Path(parsed))}";
        var problem = Problem.WrongUse(
            "COMMAND_LINE", string.Join(" ", parsed.Errors.Select(error => surroundings.Speech.Of(error.Message)).Distinct(StringComparer.Ordinal)), $"See: {path} --help");
        problem.WriteTo(surroundings.Error, parsed.GetValue(globals.Json), surroundings.Speech);
        return problem.Exit;
    }

    private static IEnumerable<string> Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(result.Command.Name);
        }

        return names;
    }
}
