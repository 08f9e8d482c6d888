namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>The folder of published lists, found by walking up from the test assembly.</summary>
internal static class PublishedIndicators
{
    public static readonly string[] Agencies = ["amnesty", "avast", "eset", "sophos"];

    public static string? Folder { get; } = Find();

    public static IEnumerable<(string Kind, string Value)> Rows(string file) =>
        File.ReadLines(Path.Combine(Folder!, file + ".tsv")).Skip(1).Select(line => line.Split('\t')).Select(row => (row[0], row[1]));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "ioc");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>A fact about the published lists: skipped, and saying so, where they are not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedIndicatorsFactAttribute : FactAttribute
{
    public PublishedIndicatorsFactAttribute()
    {
        if (PublishedIndicators.Folder is null)
        {
            Skip = "no folder shared/data/ioc above the test assembly: the published lists are not at hand";
        }
    }
}
