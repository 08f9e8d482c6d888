using System.Text.Json;
using Deconfliction.Cli.Invocation;

namespace Deconfliction.Cli.Tests.Grid;

/// <summary>Runs the program in this process, with a folder and an identity of its own.</summary>
internal sealed class Deconflict : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deconflict-tests-");
    private readonly string _server;

    public Deconflict(FakeGrid grid, string? server = null)
        : this(server ?? grid.Address, grid.Authority.IdentityPem("met", withAuthority: true))
    {
    }

    public Deconflict(string server, string? identityPem)
    {
        _server = server;
        if (identityPem is not null)
        {
            File.WriteAllText(IdentityFile, identityPem);
            Variables[GlobalOptions.IdentityVariable] = IdentityFile;
        }
    }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public string IdentityFile => PathOf("identity.pem");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var status = await CommandTree.RunAsync(
            arguments.Contains("--server", StringComparer.Ordinal) ? arguments : ["--server", _server, .. arguments],
            new Surroundings { Output = output, Error = error, Variable = name => Variables.GetValueOrDefault(name), LoginName = "officer" },
            limit.Token);
        Assert.False(limit.IsCancellationRequested, "The command did not end within 60 s.");
        return new Outcome((ExitStatus)status, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    internal sealed record Outcome(ExitStatus Exit, string Output, string Error)
    {
        /// <summary>Standard output, which must be JSON lines and nothing else.</summary>
        public List<JsonElement> Json => Parse(Output);

        public List<JsonElement> JsonErrors => Parse(Error);

        private static List<JsonElement> Parse(string text) =>
            [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
