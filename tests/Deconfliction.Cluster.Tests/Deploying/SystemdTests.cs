using System.Diagnostics;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Deploying;

/// <summary>The unit for systemd, as systemd itself reads it.</summary>
public sealed class SystemdTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [SystemdFact]
    public async Task Unit_ReadBySystemd_HasNothingThatItDoesNotKnow()
    {
        const string Program = "ExecStart=/opt/deconfliction/deconfliction-silo\n";
        using var folder = new TemporaryFolder();
        var unit = ShippedSettings.Read("systemd", "deconfliction-silo@.service");
        Assert.Contains(Program, unit, StringComparison.Ordinal);
        // The program is not installed here, and that is all that systemd may miss.
        await File.WriteAllTextAsync(folder["deconfliction-silo@.service"], unit.Replace(Program, "ExecStart=/bin/true\n", StringComparison.Ordinal));

        var start = new ProcessStartInfo(SystemdFactAttribute.Program!, ["verify", "--man=no", folder["deconfliction-silo@.service"]])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var verify = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        var said = await Task.WhenAll(verify.StandardOutput.ReadToEndAsync(limit.Token), verify.StandardError.ReadToEndAsync(limit.Token));
        await verify.WaitForExitAsync(limit.Token);

        // What it does not know it says and goes on: only silence is good.
        Assert.Equal("", string.Concat(said));
        Assert.Equal(0, verify.ExitCode);
    }
}
