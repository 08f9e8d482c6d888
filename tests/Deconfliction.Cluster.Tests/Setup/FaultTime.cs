using System.Globalization;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>
/// How long a fault lasts: short by default, so that all tests end in time for their reader. <c>DECONFLICTION_FAULT_SECONDS=required</c> has
/// each last as long as FAULTS.md and the issues ask (F1 120 s, F4 60 s), a number sets it for all of them.
/// </summary>
public static class FaultTime
{
    /// <summary>The variable.</summary>
    public const string Variable = "DECONFLICTION_FAULT_SECONDS";

    private const string AsRequired = "required";

    /// <summary>What is set, or the default; the test prints it.</summary>
    /// <param name="output">The test's.</param>
    /// <param name="fault">Its number in FAULTS.md.</param>
    /// <param name="defaultSeconds">Where nothing is set.</param>
    /// <param name="requiredSeconds">What is asked for; nothing where no time is, and then the default is it.</param>
    public static TimeSpan Of(ITestOutputHelper output, string fault, int defaultSeconds, int? requiredSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        var required = requiredSeconds ?? defaultSeconds;
        var seconds = Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" => defaultSeconds,
            AsRequired => required,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            var text => throw new InvalidOperationException($"{Variable} is '{text}': give a number of seconds, or '{AsRequired}'."),
        };
        output.WriteLine($"{fault} lasts {seconds} s{(seconds < required ? $"; {required} s are asked for: {Variable}={AsRequired}" : "")}");
        return TimeSpan.FromSeconds(seconds);
    }
}
