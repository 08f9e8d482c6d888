using Deconfliction.Gateway.Identity;

namespace Deconfliction.Gateway.Tests.Identity;

public sealed class TrustDomainTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("deconfliction.local", true)]
    [InlineData("a-b_c.9", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("grid.example:8443", false)]
    public void TryParse_TakesWhatSpiffeTakes(string text, bool isOne)
    {
        Assert.Equal(isOne, TrustDomain.TryParse(text, out var domain));
        Assert.Equal(isOne ? text : "", domain.ToString());
    }

    [Fact]
    public void TryParse_TakesAtMost255()
    {
        Assert.True(TrustDomain.TryParse(new string('a', 255), out _));
        Assert.False(TrustDomain.TryParse(new string('a', 256), out _));
    }

    // A start, and every TLS handshake, comes by here: a pattern's time limit ends a match while the process stands still.
    [Fact]
    public void Gateway_UsesNoPatterns() =>
        Assert.DoesNotContain(typeof(TrustDomain).Assembly.GetReferencedAssemblies(), used => used.Name == "System.Text.RegularExpressions");
}
