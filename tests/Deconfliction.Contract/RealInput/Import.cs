using System.Text.Json;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.RealInput;

/// <summary>What one agency's import printed.</summary>
public sealed record Import(string Agency, int ExitCode, IReadOnlyList<JsonElement> Rejected, JsonElement Summary)
{
    /// <summary>Reads it: rejected lines, then the summary.</summary>
    public static Import Of(string agency, CommandResult result)
    {
        var lines = result.ExitCode is 0 or 1
            ? result.Json
            : throw new InvalidOperationException($"{agency}'s import ended with {result.ExitCode}.\n{result.Errors}");
        return new Import(agency, result.ExitCode, [.. lines.SkipLast(1)], lines[^1]);
    }

    /// <summary>A count of the summary.</summary>
    public int Count(string name) => Summary.GetProperty(name).GetInt32();
}
