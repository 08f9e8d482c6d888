using System.Diagnostics;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Server.Hosting;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>What the program says, and ends with, where it is called wrongly: lines for an operator, and never a stack trace.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Data_ThatCannotBeMade_IsNamedWithItsRemedy_AndEndsWith2()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "");
        var data = Path.Combine(folder["file"], "data");

        var (exit, told) = await RunAsync([], "--data", data, "--listen", "127.0.0.1:0", "--ops", "127.0.0.1:0");

        Assert.Equal(2, exit);
        Assert.StartsWith($"deconfliction-server: --data is '{data}': this user ({Environment.UserName}) cannot write there (", told, StringComparison.Ordinal);
        Assert.Contains("Give a folder of this user's", Assert.Single(told.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_ThatIsThereAndCannotBeWritten_IsNamedToo()
    {
        // Nobody, not even root, makes a file there.
        var options = TestServer.Options("--data", "/proc").Options!;
        var refused = Assert.Throws<StartException>(() => DataFolder.Make(options));
        Assert.StartsWith("--data is '/proc': this user", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Ends);
    }

    [Fact]
    public async Task Authority_ThatCannotBeRead_IsNamedWithItsRemedy_AndEndsWith2()
    {
        // It is there, and nobody reads it from its start.
        var (exit, told) = await RunAsync([], "--authority", "one.example=/proc/self/mem");

        Assert.Equal(2, exit);
        var line = Assert.Single(told.TrimEnd().Split('\n'));
        Assert.StartsWith(
            "deconfliction-server: --authority is 'one.example=/proc/self/mem' (on the command line). The authority's file /proc/self/mem cannot be read: ", line, StringComparison.Ordinal);
        Assert.EndsWith("Give [DOMAIN=]FILE with a PEM file of an authority that this user may read.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variable_ThatIsAMisspeltOption_IsRefused_AndAnothersIsNoticed()
    {
        var (exit, told) = await RunAsync([("DECONFLICTION_TRUST_DOMIAN", "x.example"), ("DECONFLICTION_IMAGES", "x")]);

        Assert.Equal((2, "deconfliction-server: DECONFLICTION_TRUST_DOMIAN is no option. Write DECONFLICTION_TRUST_DOMAIN, or unset it.\n"), (exit, told));

        var (alsoWrong, noticed) = await RunAsync([("DECONFLICTION_IMAGES", "x")], "nonsense");
        Assert.Equal(2, alsoWrong);
        Assert.StartsWith("deconfliction-server: DECONFLICTION_IMAGES is no option of this program, and is not looked at.", noticed, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Told)> RunAsync((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program("Deconfliction.Server", "deconfliction-server"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DECONFLICTION_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var told = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, told);
    }
}
