using System.Xml.Linq;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Build.Tests;

/// <summary>The cluster edition is left out where the feed lacks the Orleans packages, with one line that says so, and never for another reason.</summary>
public sealed class LeaveOutTests
{
    private const string Silo = "src/Deconfliction.Silo/Deconfliction.Silo.csproj";
    private const string SiloTests = "tests/Deconfliction.Silo.Tests/Deconfliction.Silo.Tests.csproj";
    private const string Domain = "src/Deconfliction.Domain/Deconfliction.Domain.csproj";

    [Fact]
    public async Task Build_FeedWithoutOrleans_LeavesOutTheClusterEditionAndSaysSoInOneLine()
    {
        using var copy = await WorkingCopy.MakeAsync(static empty => empty);

        var missing = await RestoreWithoutTheClusterAsync(copy);

        Assert.Equal(OrleansPackages.Order(), missing.Order());
        await AssertBuildsTheRestAsync(copy);
    }

    // As a mirror was seen: packages that the projects ask for are there, one is not, and what those that are there need is not either.
    [OrleansFact]
    public async Task Build_FeedWithSomeOfOrleans_LeavesOutTheClusterEditionAndNamesWhatIsMissing()
    {
        using var copy = await WorkingCopy.MakeAsync(static folder => folder);
        string[] there = [.. OrleansPackages.Except(["Microsoft.Orleans.Connections.Security"])];
        await copy.OfferAsync(there);

        var missing = await RestoreWithoutTheClusterAsync(copy);

        Assert.Contains("Microsoft.Orleans.Connections.Security", missing);
        Assert.Contains("Microsoft.Orleans.Runtime", missing);
        Assert.Empty(missing.Intersect(there, StringComparer.Ordinal));
        await AssertBuildsTheRestAsync(copy);
    }

    [Fact]
    public async Task Restore_FeedThatCannotBeReached_FailsAndLeavesNothingOut()
    {
        using var copy = await WorkingCopy.MakeAsync(static empty => empty + "-that-is-not-there");

        var restored = await copy.DotnetAsync("restore", "Deconfliction.sln");

        Assert.NotEqual(0, restored.ExitCode);
        Assert.Contains("error NU1301", Assert.Single(restored.Lines("error DG0002")), StringComparison.Ordinal);
        Assert.Empty(restored.Lines("DG0001"));
        Assert.False(File.Exists(copy.LeftOut));
    }

    [OrleansFact]
    public async Task Build_ErrorInTheSiloWhereOrleansIs_Fails()
    {
        using var copy = await WorkingCopy.MakeAsync();
        copy.Keep(Silo);
        await EmptyTheSiloAsync(copy); // Its packages are what counts here; its code takes a minute more.

        var sound = await copy.DotnetAsync("build", "Deconfliction.sln", "-p:RunAnalyzers=false");
        await PlantErrorAsync(copy);
        var broken = await copy.DotnetAsync("build", "Deconfliction.sln", "-p:RunAnalyzers=false");

        Assert.True(sound.ExitCode == 0, sound.Output);
        Assert.Contains("deconfliction-silo.dll", sound.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Contains("planted in the silo", Assert.Single(broken.Lines("CS1029")), StringComparison.Ordinal);
        Assert.Empty(broken.Lines("DG0001"));
    }

    [Fact]
    public void Lists_OfWhatIsLookedForAndLeftOut_AreComplete()
    {
        var looked = Items("build/Orleans/Probe.csproj", "PackageReference");
        Assert.Equal(OrleansPackages.Order(), looked.Order());

        var needs = SolutionProjects.Where(project => Items(project, "PackageReference").Any(IsOrleans)).ToHashSet(StringComparer.Ordinal);
        while (SolutionProjects.Where(project => !needs.Contains(project) && References(project).Any(needs.Contains)).ToArray() is { Length: > 0 } more)
        {
            needs.UnionWith(more);
        }

        Assert.Contains(Silo, needs);
        Assert.Equal(needs.Order(), LeftOutProjects.Order());
    }

    // Restores everything but the cluster edition, and gives what the one line names as missing.
    private static async Task<string[]> RestoreWithoutTheClusterAsync(WorkingCopy copy)
    {
        var restored = await copy.DotnetAsync("restore", "Deconfliction.sln");

        Assert.True(restored.ExitCode == 0, restored.Output);
        var line = Assert.Single(restored.Lines("DG0001"));
        Assert.All(LeftOutProjects, project => Assert.Contains(Path.GetFileNameWithoutExtension(project), line, StringComparison.Ordinal));
        Assert.Equal(LeftOutProjects.Order(), (await File.ReadAllLinesAsync(copy.LeftOut)).Skip(1).Order());
        Assert.Equal(
            SolutionProjects.Except(LeftOutProjects).Order(),
            SolutionProjects.Where(project => File.Exists(Path.Combine(copy.Root, Path.GetDirectoryName(project)!, "obj", "project.assets.json"))).Order());
        return line.Split("The feed does not have ")[1].Split(", so these are left out: ")[0].Split(", ");
    }

    // What is left out is not compiled either, whatever it contains.
    private static async Task AssertBuildsTheRestAsync(WorkingCopy copy)
    {
        copy.Keep(Domain, Silo, SiloTests);
        await PlantErrorAsync(copy);
        var built = await copy.DotnetAsync("build", "Deconfliction.sln", "-p:RunAnalyzers=false");

        Assert.True(built.ExitCode == 0, built.Output);
        Assert.Single(built.Lines("DG0001"));
        Assert.Contains("Deconfliction.Domain.dll", built.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("deconfliction-silo.dll", built.Output, StringComparison.Ordinal);
    }

    private static string[] OrleansPackages => [.. Items("Directory.Packages.props", "PackageVersion").Where(IsOrleans)];

    private static string[] LeftOutProjects => Items("build/Orleans/LeaveOut.targets", "NeedsOrleans");

    private static string[] SolutionProjects =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "Deconfliction.sln"))
            .Where(static line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains(".csproj", StringComparison.Ordinal))
            .Select(static line => line.Split('"')[5].Replace('\\', '/')),
    ];

    private static bool IsOrleans(string package) => package.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal);

    private static string[] Items(string file, string kind) =>
    [
        .. XDocument.Load(Path.Combine(Repository.Root, file)).Descendants(kind).Select(static item => (string?)item.Attribute("Include")).OfType<string>(),
    ];

    private static IEnumerable<string> References(string project) =>
        Items(project, "ProjectReference").Select(path => Path.GetRelativePath(
            Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, path.Replace('\\', '/'))).Replace('\\', '/'));

    private static Task PlantErrorAsync(WorkingCopy copy) =>
        File.WriteAllTextAsync(Path.Combine(copy.Root, "src", "Deconfliction.Silo", "Planted.cs"), "#error planted in the silo\n");

    private static async Task EmptyTheSiloAsync(WorkingCopy copy)
    {
        var folder = Path.Combine(copy.Root, "src", "Deconfliction.Silo");
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        var project = Path.Combine(copy.Root, Silo);
        var document = XDocument.Load(project);
        document.Descendants("ProjectReference").Remove();
        document.Save(project);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), "return 0;\n");
    }
}
