using System.Text;
using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Attacks;

/// <summary>
/// Attack 11 of FAULTS.md: values that were claimed, checked, imported and refused are looked for in every byte that the server and
/// the database left behind: tables, write-ahead logs, files, logs, the backup.
/// </summary>
public static class Canary
{
    private static readonly (string Kind, string Value)[] Canaries =
    [
        ("email", "canaryvogel@kanarienvogel.example"),
        ("username", "instagram:canaryvogel77"),
        ("ip", "185.77.142.201"),
        ("sha256", "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee77"),
        ("domain", "canaryvogel-domain.net"),
    ];

    // Parts that no value may leave behind, whatever its form.
    private static readonly string[] Traces = ["canaryvogel", "kanarienvogel", "185.77.142.201", "c0ffee00c0ffee", "canary-contact"];

    // As PostgreSQL logs bytes.
    private static readonly string[] s_inHex = [.. Traces.Select(static trace => Convert.ToHexString(Encoding.UTF8.GetBytes(trace)))];

    /// <summary>Claims, checks, imports and spoils the canaries.</summary>
    public static async Task UseAsync(GridUnderTest grid)
    {
        var alpha = await grid.AddMemberAsync("alpha");
        var bravo = await grid.AddMemberAsync("bravo");
        foreach (var (kind, value) in Canaries)
        {
            foreach (var member in new[] { alpha, bravo })
            {
                var request = Requests.Claim(value, "C-1", kind: kind);
                request.Claim.Contact = "canary-contact";
                await member.Client.Claims.CreateAsync(request, CancellationToken.None);
                await member.Client.Checks.CheckAsync(Requests.Check(value, kind: kind), CancellationToken.None);
            }
        }

        Assert.Equal(Canaries.Length, await grid.CountAsync("overlap"));
        Assert.Equal(2 * Canaries.Length, (await alpha.ReadFeedAsync()).Count);
        foreach (var malformed in new[] { ("ip", "185.77.142.201.7"), ("email", "canaryvogel@@kanarienvogel"), ("canaryvogel", "x"), ("sha256", "c0ffee00c0ffee") })
        {
            var problem = await Assert.ThrowsAsync<GridException>(() => alpha.Client.Claims.CreateAsync(
                Requests.Claim(malformed.Item2, "C-1", kind: malformed.Item1), CancellationToken.None));
            Assert.Equal("INVALID_ARGUMENT", problem.Error.Status);
        }

        var lines = "kind\tvalue\nemail\tcanaryvogel-imported@kanarienvogel.example\nip\t185.77.142.201.9\n";
        await ImportAsync(grid, lines);
    }

    private static async Task ImportAsync(GridUnderTest grid, string lines)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["lines.tsv"], lines);
        (await grid.CommandLineOf("alpha").JsonAsync("import", folder["lines.tsv"], "--case", "C-2")).Expect(1);
    }

    // The framework's own reading would ask for a lock that a running server holds.
    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Fails where a file or what the nodes printed holds a trace of them.</summary>
    public static void AssertAbsent(IReadOnlyList<string> files, GridUnderTest grid)
    {
        Assert.NotEmpty(files);
        Assert.True(grid.Log.Length > 0);
        foreach (var trace in Traces)
        {
            Assert.DoesNotContain(trace, grid.Log, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var file in files)
        {
            // Latin-1 keeps every byte; the second reading finds UTF-16.
            var bytes = Read(file);
            foreach (var content in new[] { Encoding.Latin1.GetString(bytes), Encoding.Unicode.GetString(bytes) })
            {
                foreach (var trace in Traces.Concat(s_inHex))
                {
                    Assert.False(content.Contains(trace, StringComparison.OrdinalIgnoreCase), $"{Path.GetFileName(file)} holds {trace}");
                }
            }
        }
    }
}
