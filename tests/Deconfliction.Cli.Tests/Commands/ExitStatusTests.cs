using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cli.Tests.Commands;

public sealed class ExitStatusTests : GridTest
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, 1, "INVALID_ARGUMENT")]
    [InlineData(StatusCode.NotFound, 1, "NOT_FOUND")]
    [InlineData(StatusCode.FailedPrecondition, 1, "FAILED_PRECONDITION")]
    [InlineData(StatusCode.ResourceExhausted, 1, "RESOURCE_EXHAUSTED")]
    [InlineData(StatusCode.Internal, 1, "INTERNAL")]
    [InlineData(StatusCode.PermissionDenied, 4, "PERMISSION_DENIED")]
    [InlineData(StatusCode.Unauthenticated, 4, "UNAUTHENTICATED")]
    [InlineData(StatusCode.DeadlineExceeded, 3, "DEADLINE_EXCEEDED")]
    public async Task RefusedRequest_IsToldWithStatusReasonFieldAndRemedy(StatusCode code, int exit, string status)
    {
        Grid.State.Refusals.Enqueue(RichError.Of(code, "It is wrong.").WithInfo("SOME_REASON").WithField("claim.identifier.value", "Do it right.").ToException());

        var outcome = await Program.RunAsync("claim", "ip", "x", "--case", "OP-1", "--json");

        Assert.Equal(exit, (int)outcome.Exit);
        Assert.Empty(outcome.Output);
        var error = Assert.Single(outcome.JsonErrors);
        Assert.Equal(
            (status, "SOME_REASON", "It is wrong.", "claim.identifier.value", "Do it right.", exit),
            (Text("error"), Text("reason"), Text("description"), Text("field"), Text("remedy"), error.GetProperty("exit_status").GetInt32()));

        string? Text(string name) => error.GetProperty(name).GetString();
    }

    [Fact]
    public async Task RefusedRequest_ForAReader_SaysWhatWhereWhyAndTheRemedy()
    {
        Grid.State.Refusals.Enqueue(RichError.ResourceExhausted("Too many.").WithInfo("BUDGET", metadata: [new("remedy", "Wait.")])
            .WithRetry(TimeSpan.FromSeconds(2.5)).ToException());

        var outcome = await Program.RunAsync("check", "ip", "198.18.0.1", "--case", "OP-1", "--purpose", "p");

        Assert.Equal("error: Too many.\n  why:         RESOURCE_EXHAUSTED, BUDGET\n  remedy:      Wait.\n  retry after: 2.5 s\n", outcome.Error);
    }

    [Fact]
    public async Task UnavailableOnce_IsRepeatedWithTheSameRequestId()
    {
        Grid.State.Refusals.Enqueue(RichError.Unavailable("Unknown.").WithInfo("OUTCOME_UNKNOWN").ToException());

        var outcome = await Program.RunAsync("claim", "ip", "x", "--case", "OP-1");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        var asked = Grid.State.Requests.OfType<Protocol.V1.CreateClaimRequest>().ToList();
        Assert.Equal(2, asked.Count);
        Assert.Equal(asked[0].RequestId, asked[1].RequestId);
    }

    [Fact]
    public async Task NobodyListening_ExitsWith3AndNamesTheAddress()
    {
        using var program = new Deconflict("https://localhost:1", Grid.Authority.IdentityPem("met", withAuthority: true));

        var outcome = await program.RunAsync("agency", "list");

        Assert.Equal(ExitStatus.Unreachable, outcome.Exit);
        Assert.Contains("localhost:1", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("remedy:", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateOfAnotherAuthority_ExitsWith4()
    {
        using var other = new TestAuthority("Another authority");
        using var program = new Deconflict(Grid.Address, other.IdentityPem("met", withAuthority: false) + Grid.Authority.Pem);

        var outcome = await program.RunAsync("agency", "list", "--json");

        Assert.True(outcome.JsonErrors[^1].GetProperty("reason").GetString() == "TLS_CLIENT_REFUSED", outcome.Error);
        Assert.Equal(ExitStatus.Refused, outcome.Exit);
    }

    [Fact]
    public async Task ExpiredCertificate_ExitsWith4AndSaysWhichAndSinceWhen()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var end = new DateTimeOffset(2020, 2, 1, 0, 0, 0, TimeSpan.Zero);
        using var expired = new CertificateRequest("CN=met", key, HashAlgorithmName.SHA256).CreateSelfSigned(end.AddDays(-30), end);
        using var program = new Deconflict(Grid.Address, $"{expired.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n{Grid.Authority.Pem}");

        var outcome = await program.RunAsync("agency", "list");

        Assert.True(outcome.Exit == ExitStatus.Refused, outcome.Error);
        Assert.Contains($"The server refused the certificate in '{program.IdentityFile}', which expired on 2020-02-01.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("send it to the operator, who signs it: deconflict agency certify.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortWithoutTls_ExitsWith4AndNamesTheOptions()
    {
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        using var program = new Deconflict($"https://{plain.LocalEndpoint}", Grid.Authority.IdentityPem("met", withAuthority: true));

        using var stop = new CancellationTokenSource();
        var answering = AnswerPlainlyAsync(plain, stop.Token);
        var outcome = await program.RunAsync("agency", "list");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);

        Assert.Equal(ExitStatus.Refused, outcome.Exit);
        Assert.Contains("the port for agencies, not that of the operations pages", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_CertificateOfAnotherAuthority_ExitsWith4LongBeforeItsRetryTimeIsOver()
    {
        using var other = new TestAuthority("Another authority");
        using var program = new Deconflict(Grid.Address, other.IdentityPem("met", withAuthority: false) + Grid.Authority.Pem);

        var outcome = await program.RunAsync("import", program.Write("a.tsv", "kind\tvalue\nip\t198.18.0.1\n"), "--case", "OP-1", "--retry-for", "3600");

        Assert.Equal(ExitStatus.Refused, outcome.Exit);
    }

    [Fact]
    public async Task ServerOfAnotherAuthority_ExitsWith4AndSendsNothing()
    {
        using var other = new TestAuthority("Another authority");
        using var program = new Deconflict(Grid.Address, Grid.Authority.IdentityPem("met", withAuthority: false) + other.Pem);

        var outcome = await program.RunAsync("agency", "list", "--json");

        Assert.Equal((ExitStatus.Refused, "UNAUTHENTICATED"), (outcome.Exit, outcome.JsonErrors[^1].GetProperty("error").GetString()));
        Assert.Empty(Grid.State.Requests);
    }

    [Fact]
    public async Task AuthorityBesideTheIdentity_OrNamed_IsTrusted()
    {
        using var program = new Deconflict(Grid.Address, Grid.Authority.IdentityPem("met", withAuthority: false));
        var untrusted = await program.RunAsync("agency", "list");
        program.Write("ca.pem", Grid.Authority.Pem);
        var beside = await program.RunAsync("agency", "list");
        File.Delete(program.PathOf("ca.pem"));
        var named = await program.RunAsync("agency", "list", "--ca", program.Write("other.pem", Grid.Authority.Pem));

        Assert.Equal((ExitStatus.Refused, ExitStatus.Done, ExitStatus.Done), (untrusted.Exit, beside.Exit, named.Exit));
    }

    [Theory]
    [InlineData(null, "No identity is named")]
    [InlineData("", "holds no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "")]
    public async Task UnusableIdentity_IsWrongUseAndSaysWhatToDo(string? pem, string told)
    {
        using var program = new Deconflict(Grid.Address, pem);

        var outcome = await program.RunAsync("agency", "list");

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("remedy:", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdentityWithoutItsKey_IsWrongUseAndSaysHowToJoinThem()
    {
        using var program = new Deconflict(Grid.Address, Grid.Authority.Pem);

        var outcome = await program.RunAsync("agency", "list");

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains("no private key", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("(umask 077; cat CERTIFICATE KEY > IDENTITY)", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgencyAdd_WithoutAUsableIdentity_SaysThatAndLeavesNothingBehind()
    {
        using var program = new Deconflict(Grid.Address, Grid.Authority.Pem);
        using var folder = new TemporaryFolder();

        var outcome = await program.RunAsync(
            "agency", "add", "alpha", "--name", "Alpha", "--role", "LAW_ENFORCEMENT", "--contact", "duty desk", "--out", folder["alpha.pem"]);

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains("no private key", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not known whether", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task AgencyAdd_NobodyListening_SaysThatNothingWasAddedAndLeavesNothingBehind()
    {
        using var program = new Deconflict("https://localhost:1", Grid.Authority.IdentityPem("met", withAuthority: true));
        using var folder = new TemporaryFolder();

        var outcome = await program.RunAsync(
            "agency", "add", "alpha", "--name", "Alpha", "--role", "LAW_ENFORCEMENT", "--contact", "duty desk", "--out", folder["alpha.pem"]);

        Assert.Equal(ExitStatus.Unreachable, outcome.Exit);
        Assert.Contains("The agency was not added, and nothing is left behind", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static async Task AnswerPlainlyAsync(TcpListener plain, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var peer = await plain.AcceptSocketAsync(cancellationToken);
            await peer.ReceiveAsync(new byte[4096], cancellationToken);
            await peer.SendAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken);
        }
    }
}
