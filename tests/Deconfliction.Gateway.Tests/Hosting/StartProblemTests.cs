using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger;
using Deconfliction.Server.Hosting;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>A start that fails for a reason that its operator can mend ends with one line, and never with a stack trace.</summary>
public sealed class StartProblemTests
{
    [Fact]
    public async Task Tell_OutcomeUnknown_SaysWhyAndThatItMayBeStartedAgain()
    {
        var (exit, told) = await TellAsync(new OutcomeUnknownException("Retry with the same request id.", new TimeoutException("The operation\nhas timed out")));

        Assert.Equal(1, exit);
        Assert.Equal(
            "a-program: The database did not say whether it has made a change (The operation has timed out). Look whether it runs and has the time to answer, "
            + "then start this again: what was made is found, and what was not is made then.\n", told);
    }

    [Fact]
    public async Task Tell_WhatTheDatabaseOrTheFilesRefuse_IsTheirOwnLine()
    {
        foreach (var problem in (Exception[])[
            new LedgerUnavailableException("why"), new LedgerOverloadedException("why", TimeSpan.FromSeconds(1)), new StoreInUseException("why"),
            new SchemaMismatchException("why"), new KeyRingException("why"), new StartException("why")])
        {
            Assert.Equal((1, "a-program: why\n"), await TellAsync(problem));
        }

        Assert.Equal((2, "a-program: why\n"), await TellAsync(new StartException("why", exitStatus: 2)));
    }

    [Fact]
    public async Task Tell_AFileThatCannotBeWritten_SaysWhatToLookAt()
    {
        foreach (var problem in (Exception[])[new IOException("No space left on device : 'a'"), new UnauthorizedAccessException("No space left on device : 'a'.")])
        {
            Assert.Equal(
                (1, "a-program: No space left on device : 'a'. See that the disk has room and that this user may use that path, then do the same again.\n"),
                await TellAsync(problem));
        }
    }

    [Fact]
    public async Task Tell_WhatIsTheProgramsOwnFault_IsThrown()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => TellAsync(new InvalidOperationException("a bug")));
        Assert.Equal((1, "a-program: why\n"), await TellAsync(new InvalidOperationException("why"), static problem => problem is InvalidOperationException));
    }

    private static async Task<(int Exit, string Told)> TellAsync(Exception problem, Func<Exception, bool>? tells = null)
    {
        await using var errors = new StringWriter { NewLine = "\n" };
        var exit = await StartProblem.TellAsync("a-program", () => throw problem, errors, tells);
        return (exit, errors.ToString());
    }
}
