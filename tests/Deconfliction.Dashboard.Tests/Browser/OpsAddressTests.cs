using System.Net;
using System.Net.Security;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Dashboard.Tests.Browser;

public sealed class OpsAddressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Start_BeyondLoopbackWithoutTls_IsRefused()
    {
        await using var server = new ServerProcess(_folder.Path, connection: null, "--ops", "0.0.0.0:0");
        // The option is given twice, by the process and here; the address alone is what is asked about.
        var (exit, output) = await server.RunToEndAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(2, exit);
        Assert.Contains("--ops", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithTheServersOwnCertificate_ServesTlsAndSecureCookies()
    {
        var token = _folder["token"];
        await File.WriteAllTextAsync(token, new string('s', 40));
        await using var server = new ServerProcess(_folder.Path, connection: null, "--ops-tls", "server", "--ops-token", token, "--ops-proxy-header", "X-Forwarded-User");
        var address = new Uri($"https://127.0.0.1:{server.OpsPort}/");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        using var http = new HttpClient(handler);
        var running = server.StartAsync();
        try
        {
            await Waiting.UntilAsync("the link is printed", TimeSpan.FromSeconds(60), () => server.Log.Contains("https://127.0.0.1", StringComparison.Ordinal) && server.Log.Contains("/sign-in?token=", StringComparison.Ordinal));
            using var ready = await http.GetAsync(new Uri(address, "health/ready"));
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            using var signedIn = await http.GetAsync(Grid.LinkOf(server));
            Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
            var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);

            // A proxy that shows the token of the file speaks for whom it names; without the token the header is nothing.
            http.DefaultRequestHeaders.Add("X-Forwarded-User", "colonel");
            using var unproven = await http.GetAsync(address);
            Assert.Equal(HttpStatusCode.Unauthorized, unproven.StatusCode);
            http.DefaultRequestHeaders.Authorization = new("Bearer", new string('s', 40));
            Assert.Contains("colonel via token file", await http.GetStringAsync(address), StringComparison.Ordinal);
        }
        finally
        {
            // It waits for plain HTTP, which does not come.
            await server.KillAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        }
    }

    public void Dispose() => _folder.Dispose();
}
