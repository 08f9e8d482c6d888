using Deconfliction.Server.Hosting;

namespace Deconfliction.Gateway.Tests.Hosting;

public sealed class WelcomeTests
{
    [Theory]
    [InlineData("https://127.0.0.1:7443", "https://localhost:7443")]
    [InlineData("https://[::1]:7444", "https://localhost:7444")]
    [InlineData("https://0.0.0.0:7443", "https://localhost:7443")]
    [InlineData("https://[::]:7443", "https://localhost:7443")]
    [InlineData("https://10.0.0.5:7443", "https://10.0.0.5:7443")]
    [InlineData("https://[2001:db8::5]:7444", "https://[2001:db8::5]:7444")]
    public void NextCommand_NamesAServerThatListensThere(string listens, string expected) =>
        Assert.Equal(expected, Welcome.ServerOf(new Uri(listens)));
}
