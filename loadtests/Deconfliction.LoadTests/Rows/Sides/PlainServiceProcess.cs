using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>The plain service in a process of its own, with certificates of its own for both ends.</summary>
internal sealed class PlainServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private PlainServiceProcess(string connection, int pool)
    {
        Port = NodeProcess.FreePort();
        Server = Certificate("localhost");
        Client = Certificate("caller");
        File.WriteAllText(_folder["server.pem"], Server.ExportCertificatePem() + "\n" + Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder["client.pem"], Client.ExportCertificatePem());
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [
                    Program, connection, Port.ToString(CultureInfo.InvariantCulture), pool.ToString(CultureInfo.InvariantCulture),
                    _folder["server.pem"], _folder["client.pem"],
                ])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = _folder.Path,
            },
        };
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its certificate.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The caller's.</summary>
    public X509Certificate2 Client { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    private static string Program =>
        Path.Combine(Repository.Root, "loadtests", "Deconfliction.PlainService", "bin", Repository.Configuration, "net10.0", "plain-service.dll");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing within a minute.</exception>
    public static async Task<PlainServiceProcess> StartAsync(string connection, int pool, CancellationToken cancellationToken)
    {
        var service = new PlainServiceProcess(connection, pool);
        service._process.Start();
        try
        {
            var said = await service._process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(s_startLimit, cancellationToken);
            return said == "ready" ? service : throw new InvalidOperationException($"The plain service ended before it was ready; {Program} says why.");
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(s_stopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        Server.Dispose();
        Client.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}
