using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.PlainService;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Npgsql;

if (args is not [var connection, var port, var poolSize, var identityFile, var clientFile])
{
    await Console.Error.WriteLineAsync("plain-service: give CONNECTION PORT POOL-SIZE IDENTITY-FILE CLIENT-CERTIFICATE-FILE; loadtests/run does.");
    return 2;
}

var pool = int.Parse(poolSize, CultureInfo.InvariantCulture);
await using var database = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connection)
{
    MaxPoolSize = pool, MinPoolSize = pool, MaxAutoPrepare = 8, AutoPrepareMinUsages = 2, NoResetOnClose = true, Enlist = false,
}.ConnectionString).Build();

// A PKCS #12 round trip gives TLS a key that outlives the file.
using var bare = X509Certificate2.CreateFromPemFile(identityFile);
var identity = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), password: null);
var client = X509CertificateLoader.LoadCertificateFromFile(clientFile).Thumbprint;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new ClaimTable(database));
builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Messages.Default));
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), listen =>
{
    listen.Protocols = HttpProtocols.Http1AndHttp2;
    listen.UseHttps(https =>
    {
        https.ServerCertificate = identity;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == client;
    });
}));

var app = builder.Build();
app.MapPost("/claims", static (NewClaim claim, ClaimTable table, HttpContext http) => table.MakeAsync(
    claim, http.Connection.ClientCertificate!.GetNameInfo(X509NameType.SimpleName, forIssuer: false), http.RequestAborted));
await app.StartAsync();
await Console.Out.WriteLineAsync("ready");

// The end of its input is the end of its work: it does not outlive whoever started it.
await Console.In.ReadToEndAsync();
await app.StopAsync();
return 0;
