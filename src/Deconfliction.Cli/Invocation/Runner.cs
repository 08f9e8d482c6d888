using System.CommandLine;
using Deconfliction.Cli.Screens;
using Deconfliction.Client;
using Deconfliction.Client.Identities;

namespace Deconfliction.Cli.Invocation;

/// <summary>Gives commands their action, and turns what goes wrong into a message and an exit status: here and nowhere else.</summary>
internal sealed class Runner(GlobalOptions globals, Surroundings surroundings)
{
    /// <summary>Sets what a command does.</summary>
    public Command Handle(Command command, Func<Call, CancellationToken, Task<ExitStatus>> action)
    {
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var screen = new Screen(surroundings.Output, surroundings.Error, arguments.GetValue(globals.Json), surroundings.OutputIsTerminal, surroundings.Speech);
            return (int)await RunAsync(new Call(arguments, globals, surroundings, screen), action, cancellationToken);
        });
        return command;
    }

    /// <summary>Sets what a command does that shows one thing.</summary>
    public Command Handle(Command command, Func<Call, CancellationToken, Task<Record>> action) => Handle(command, async (call, cancellationToken) =>
    {
        call.Screen.Show(await action(call, cancellationToken));
        return ExitStatus.Done;
    });

    private static async Task<ExitStatus> RunAsync(
        Call call, Func<Call, CancellationToken, Task<ExitStatus>> action, CancellationToken cancellationToken)
    {
        try
        {
            await using (call)
            {
                return await action(call, cancellationToken);
            }
        }
        catch (GridException problem) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(call, call.Explain(problem.Error));
        }
        catch (IdentityException problem)
        {
            return Fail(call, Problem.Of(problem));
        }
        catch (WrongUseException problem)
        {
            return Fail(call, problem.Problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Fail(call, Problem.WrongUse("FILE", problem.Message, "See that the path is right, that you may use it, and that the disk has room."));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // What a stopped call throws depends on where it stood; the user knows that they stopped it.
            return ExitStatus.Interrupted;
        }
        finally
        {
            call.Screen.Flush();
        }
    }

    private static ExitStatus Fail(Call call, Problem problem)
    {
        call.Screen.Fail(problem);
        return problem.Exit;
    }
}
