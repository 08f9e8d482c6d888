using System.Diagnostics;
using System.Xml.Linq;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Build.Tests;

/// <summary>What <c>dotnet</c> ended with and said, on both outputs.</summary>
internal sealed record Said(int ExitCode, string Output)
{
    /// <summary>The lines that contain a text, without those that repeat another: MSBuild's summary says warnings and errors again.</summary>
    public string[] Lines(string text) => [.. Output.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal)).Select(line => line.Trim()).Distinct()];
}

/// <summary>
/// This checkout's files (those that git has or would take), in a folder of their own, with a package folder of its own: all packages that
/// this machine has already, but those of Orleans only where a test wants them.
/// </summary>
internal sealed class WorkingCopy : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);
    private readonly TemporaryFolder _folder = new();
    private readonly string? _packages;

    private WorkingCopy(string? packages) => _packages = packages;

    /// <summary>The copy's folder.</summary>
    public string Root => _folder["tree"];

    /// <summary>What was left out, and why; nothing where nothing was.</summary>
    public string LeftOut => Path.Combine(Root, "build", "Orleans", "obj", "left-out");

    /// <summary>Makes one that gets packages as this checkout does.</summary>
    public static async Task<WorkingCopy> MakeAsync()
    {
        var copy = new WorkingCopy(packages: null);
        await copy.FillAsync();
        return copy;
    }

    /// <summary>Makes one that finds Orleans in one folder only, and everything else where this checkout does.</summary>
    /// <param name="orleansSource">Folder from which Orleans comes; it need not exist.</param>
    public static async Task<WorkingCopy> MakeAsync(Func<string, string> orleansSource)
    {
        var folder = Directory.CreateTempSubdirectory("deconfliction-packages-").FullName;
        var copy = new WorkingCopy(folder);
        await copy.FillAsync();
        foreach (var package in Directory.EnumerateDirectories(await PackageFolderAsync()).Where(package => !IsOrleans(package)))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(package)), package);
        }

        await File.WriteAllTextAsync(Path.Combine(copy.Root, "NuGet.Config"), Sources(await SourceNamesAsync(), orleansSource(copy._folder["orleans"])));
        return copy;
    }

    /// <summary>Puts packages of Orleans that this machine has, in the versions that the projects ask for, into the folder from which it comes.</summary>
    public async Task OfferAsync(IEnumerable<string> packages)
    {
        var versions = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(static item => (string)item.Attribute("Include")!, static item => (string)item.Attribute("Version")!, StringComparer.Ordinal);
        var from = await PackageFolderAsync();
        foreach (var package in packages)
        {
            var (name, version) = (package.ToLowerInvariant(), versions[package]);
            File.Copy(Path.Combine(from, name, version, $"{name}.{version}.nupkg"), Path.Combine(_folder["orleans"], $"{name}.{version}.nupkg"));
        }
    }

    /// <summary>Makes the solution one of these projects only, so that a test need not build all.</summary>
    public void Keep(params string[] projects)
    {
        var solution = Path.Combine(Root, "Deconfliction.sln");
        File.Delete(solution);
        Run("dotnet", Root, packages: null, ["new", "sln", "--name", "Deconfliction", "--format", "sln"]).GetAwaiter().GetResult();
        Run("dotnet", Root, packages: null, ["sln", "Deconfliction.sln", "add", .. projects]).GetAwaiter().GetResult();
    }

    /// <summary>Runs <c>dotnet</c> in the copy.</summary>
    public Task<Said> DotnetAsync(params string[] words) => Run("dotnet", Root, _packages, words);

    public void Dispose()
    {
        _folder.Dispose();
        if (_packages is not null)
        {
            Directory.Delete(_packages, recursive: true); // The links, not what they lead to.
        }
    }

    private static bool IsOrleans(string package) => Path.GetFileName(package).StartsWith("microsoft.orleans.", StringComparison.OrdinalIgnoreCase);

    private static string Sources(IEnumerable<string> elsewhere, string orleansSource) => $"""
        <configuration>
          <packageSources><add key="orleans-of-this-test" value="{orleansSource}" /></packageSources>
          <packageSourceMapping>
            <clear />
            {string.Concat(elsewhere.Select(name => $"<packageSource key=\"{name}\"><package pattern=\"*\" /></packageSource>"))}
            <packageSource key="orleans-of-this-test"><package pattern="Microsoft.Orleans.*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """;

    // "  1.  name [Enabled]", then a line with the address.
    private static async Task<IEnumerable<string>> SourceNamesAsync() =>
        (await Run("dotnet", Repository.Root, packages: null, ["nuget", "list", "source"])).Output.Split('\n')
            .Where(line => line.EndsWith("[Enabled]", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('.', StringComparison.Ordinal) + 1)..^"[Enabled]".Length].Trim());

    private static async Task<string> PackageFolderAsync() =>
        (await Run("dotnet", Repository.Root, packages: null, ["nuget", "locals", "global-packages", "--list"])).Output.Split(": ", 2)[1].Trim();

    private static async Task<Said> Run(string program, string folder, string? packages, string[] words)
    {
        var start = new ProcessStartInfo(program, words) 
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name); // Of the build that runs this test.
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            using var limit = new CancellationTokenSource(s_limit);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Not within {s_limit.TotalMinutes} min: {program} {string.Join(' ', words)}", late);
        }

        return new Said(process.ExitCode, await output + await errors);
    }

    private async Task FillAsync()
    {
        var listed = await Run("git", Repository.Root, packages: null, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        Directory.CreateDirectory(_folder["orleans"]);
        foreach (var file in listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file))))
        {
            var target = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Repository.Root, file), target);
        }
    }
}
