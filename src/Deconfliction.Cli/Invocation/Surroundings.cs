using System.Text;
using Deconfliction.Cli.Text;

namespace Deconfliction.Cli.Invocation;

/// <summary>What the program takes from outside its command line. Tests give their own.</summary>
internal sealed record Surroundings
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    public string LoginName { get; init; } = "";

    /// <summary>The language of what is written for readers.</summary>
    public Speech Speech { get; init; } = Speech.English;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfProcess() => new()
    {
        // The console's own writer flushes after each line, which costs more than making the line.
        Output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16),
        Error = Console.Error,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        LoginName = Environment.UserName,
    };
}
