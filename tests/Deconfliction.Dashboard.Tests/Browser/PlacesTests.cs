using System.Runtime.CompilerServices;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Tests.Shared;
using Deconfliction.Dashboard.Web;

namespace Deconfliction.Dashboard.Tests.Browser;

/// <summary>What is asked of every page and panel is asked of every one that there is.</summary>
public sealed class PlacesTests
{
    [Fact]
    public void Pages_AreAllThatTheNavigationHas() => Assert.Equal(DashboardPages.All.Select(page => page.Path.TrimStart('/')), Places.Pages);

    [Fact]
    public void Streams_AreOfAllPagesThatHavePanels() =>
        Assert.Equal(DashboardPages.All.Where(page => page.Id != "access").Select(page => $"live/{page.Id}"), Places.Streams);

    [Fact]
    public void Panels_AreAllThatAreWritten()
    {
        var written = typeof(IPanel).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPanel)))
            .Select(type => ((IPanel)RuntimeHelpers.GetUninitializedObject(type)).Id);
        Assert.Equal(written.Order(StringComparer.Ordinal), Places.Panels.Order(StringComparer.Ordinal));
    }
}
