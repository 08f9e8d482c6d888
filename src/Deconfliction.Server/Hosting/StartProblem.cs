using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Backup;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// What an operator is told where a program cannot do what it was started for: one line with what, why and what to do, the same in both
/// editions. Everything else is a fault of the program's own, and ends it with its stack trace.
/// </summary>
internal static class StartProblem
{
    /// <summary>Runs what the program was started for.</summary>
    /// <param name="program">Its name, as the line begins.</param>
    /// <param name="run">Does it; answers what the process ends with.</param>
    /// <param name="errors">Where the line goes.</param>
    /// <param name="tells">Whether an edition's own exception says what to do in its message; nothing where it has none.</param>
    /// <returns>What the process ends with.</returns>
    public static async Task<int> TellAsync(string program, Func<Task<int>> run, TextWriter errors, Func<Exception, bool>? tells = null)
    {
        try
        {
            return await run();
        }
        catch (Exception problem) when (LineOf(problem, tells) is { } line)
        {
            await errors.WriteLineAsync($"{program}: {line.ReplaceLineEndings(" ")}");
            return problem is StartException told ? told.Ends : ExitStatus.CannotStart;
        }
    }

    private static string? LineOf(Exception problem, Func<Exception, bool>? tells) => problem switch
    {
        // What a start writes, the next one finds or writes again: key ring, authority and operator's identity lie in their files before the
        // database hears of them.
        OutcomeUnknownException =>
            $"The database did not say whether it has made a change ({problem.InnerException?.Message ?? problem.Message}). Look whether it runs and has the "
            + "time to answer, then start this again: what was made is found, and what was not is made then.",
        KeyRingException or PkiException or StartException or StoreInUseException or SchemaMismatchException or BackupRefusedException
            or LedgerUnavailableException or LedgerOverloadedException => problem.Message,
        IOException or UnauthorizedAccessException =>
            $"{problem.Message.TrimEnd('.')}. See that the disk has room and that this user may use that path, then do the same again.",
        _ => tells?.Invoke(problem) is true ? problem.Message : null,
    };
}
