using Deconfliction.Cli.Screens;

namespace Deconfliction.Cli.Invocation;

/// <summary>The command line, or a file that it names, is wrong in a way that the parser cannot see.</summary>
internal sealed class WrongUseException(string reason, string description, string remedy, string field = "") : Exception(description)
{
    public Problem Problem { get; } = Problem.WrongUse(reason, description, remedy, field);
}
