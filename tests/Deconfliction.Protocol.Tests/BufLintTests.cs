using System.Diagnostics;

namespace Deconfliction.Protocol.Tests;

/// <summary>The protocol passes Buf's STANDARD and COMMENTS rules (buf.yaml beside the protocol).</summary>
public sealed class BufLintTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Lint_Protocol_IsClean()
    {
        var (status, output) = await LintAsync(Path.Combine(Root, "src", "Deconfliction.Protocol"));

        Assert.True(status == 0, $"buf lint found:{Environment.NewLine}{output}");
    }

    [Fact]
    public async Task Lint_FieldThatBreaksARule_IsFound()
    {
        // The lint itself is tested too: a wrong folder or an empty module would pass without looking at anything.
        var copy = Directory.CreateTempSubdirectory("buf-lint-");
        try
        {
            var source = Path.Combine(Root, "src", "Deconfliction.Protocol");
            var target = copy.CreateSubdirectory(Path.Combine("deconfliction", "v1"));
            foreach (var file in Directory.GetFiles(Path.Combine(source, "deconfliction", "v1")))
            {
                File.Copy(file, Path.Combine(target.FullName, Path.GetFileName(file)));
            }

            File.Copy(Path.Combine(source, "buf.yaml"), Path.Combine(copy.FullName, "buf.yaml"));
            var spoilt = Path.Combine(target.FullName, "item_error.proto");
            await File.WriteAllTextAsync(spoilt, (await File.ReadAllTextAsync(spoilt)).Replace("string remedy = 5;", "string theRemedy = 5;", StringComparison.Ordinal));

            var (status, output) = await LintAsync(copy.FullName);

            Assert.NotEqual(0, status);
            Assert.Contains("theRemedy", output, StringComparison.Ordinal);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Deconfliction.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("Deconfliction.sln is in no folder above the tests.");
        }
    }

    private static async Task<(int Status, string Output)> LintAsync(string folder)
    {
        var buf = Path.Combine(Root, "tests", "buf", "node_modules", ".bin", "buf");
        Assert.True(File.Exists(buf), "Buf's linter is not installed. Run tests/buf/install (it needs npm), or ./test, which does.");
        var start = new ProcessStartInfo(buf, ["lint"]) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"buf lint did not end within {Limit.TotalSeconds:0} s.", late);
        }
    }
}
