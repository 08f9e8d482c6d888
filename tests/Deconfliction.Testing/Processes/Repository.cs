namespace Deconfliction.Testing.Processes;

/// <summary>Where this checkout is, and what was built in it.</summary>
public static class Repository
{
    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The folder of the solution.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>The configuration that the tests run in, so that they start programs of the same one.</summary>
    public static string Configuration =>
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The built program of a project.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static string Program(string project, string assembly)
    {
        var path = Path.Combine(Root, "src", project, "bin", Configuration, "net10.0", assembly + ".dll");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{project} was not built in {Configuration}: run `dotnet build Deconfliction.sln -c {Configuration}`.", path);
    }

    /// <summary>The folder of the real input beside the checkout, or nothing where it is absent.</summary>
    public static string? RealInput
    {
        get
        {
            for (var folder = new DirectoryInfo(Root); folder is not null; folder = folder.Parent)
            {
                var path = Path.Combine(folder.FullName, "shared", "data", "ioc");
                if (Directory.Exists(path))
                {
                    return path;
                }
            }

            return null;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Deconfliction.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside a checkout: no Deconfliction.sln above them.");
    }
}
