using System.Globalization;
using System.Text.RegularExpressions;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Logs;

/// <summary>An event id names one event of the whole program: an operator's filter on it finds that event and no other.</summary>
public sealed partial class EventIdTests
{
    private static readonly IReadOnlyList<(string Project, string File, int Id, string Name)> s_events = [.. Read()];

    [Fact]
    public void Ids_OfAllProjects_AreUnique()
    {
        Assert.True(s_events.Count > 60, $"{s_events.Count} events were found only.");
        Assert.Empty(s_events.GroupBy(one => one.Id).Where(group => group.Count() > 1).Select(group => string.Join(" and ", group)));
    }

    [Fact]
    public void Ids_OfAProject_AreOfOneThousandWhichIsItsOwn()
    {
        var thousands = s_events.Select(one => (one.Project, Thousand: one.Id / 1000)).Distinct().ToList();
        Assert.Empty(thousands.GroupBy(one => one.Project, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => string.Join(" and ", group)));
        Assert.Empty(thousands.GroupBy(one => one.Thousand).Where(group => group.Count() > 1).Select(group => string.Join(" and ", group)));
    }

    [Fact]
    public void Names_OfAProjectsEvents_AreThereAndUnique() =>
        Assert.Empty(s_events.GroupBy(one => (one.Project, one.Name)).Where(group => group.Key.Name.Length == 0 || group.Count() > 1).Select(group => string.Join(" and ", group)));

    private static IEnumerable<(string Project, string File, int Id, string Name)> Read()
    {
        var sources = Path.Combine(Repository.Root, "src");
        foreach (var file in Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            var project = Path.GetRelativePath(sources, file).Split('/')[0];
            foreach (var message in Messages().Matches(text).Select(match => match.Value))
            {
                var id = Id().Match(message);
                Assert.True(id.Success, $"{file}: {message} has no event id.");
                yield return (project, Path.GetFileName(file), int.Parse(id.Groups["id"].Value, CultureInfo.InvariantCulture), Name().Match(message).Groups["name"].Value);
            }
        }
    }

    // To the method that it is on.
    [GeneratedRegex(@"\[LoggerMessage\(.*?static partial void", RegexOptions.Singleline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Messages();

    [GeneratedRegex(@"^\[LoggerMessage\(\s*(EventId = )?(?<id>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Id();

    [GeneratedRegex("EventName = \"(?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Name();
}
