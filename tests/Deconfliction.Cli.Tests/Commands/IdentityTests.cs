using System.Security.Cryptography.X509Certificates;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Cli.Tests.Commands;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class IdentityTests : GridTest
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task AgencyAdd_WithoutRequest_MakesTheKeyHereWarnsAndWritesAnIdentityThatWorks()
    {
        var file = Program.PathOf("bka.pem");

        var outcome = await Program.RunAsync("agency", "add", "bka", "--name", "BKA", "--role", "law-enforcement", "--contact", "desk", "--out", file, "--json");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        Assert.Equal("bka", Assert.Single(outcome.Json).GetProperty("agency").GetString());
        Assert.Contains("private key was made on this machine", Assert.Single(outcome.JsonErrors).GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        var asked = Grid.State.Only<CreateAgencyRequest>();
        Assert.Equal(("bka", "BKA", AgencyRole.LawEnforcement, "desk"), (asked.Agency, asked.Name, asked.Role, asked.Contact));
        Assert.DoesNotContain("PRIVATE", asked.ToString(), StringComparison.Ordinal);
        using var added = new Deconflict(Grid.Address, await File.ReadAllTextAsync(file));
        Assert.Equal(ExitStatus.Done, (await added.RunAsync("overlaps", "list")).Exit);
    }

    [Fact]
    public async Task AgencyAdd_WithTheAgencysRequest_SignsItAndTheAgencyJoinsItWithItsKey()
    {
        var (key, csr, certificate) = (Program.PathOf("a.key"), Program.PathOf("a.csr"), Program.PathOf("a.crt"));
        var request = await Program.RunAsync("identity", "request", "--key", key, "--csr", csr, "--name", "bka");

        var add = await Program.RunAsync(
            "agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", "--csr", csr, "--out", certificate);

        Assert.Equal((ExitStatus.Done, ExitStatus.Done), (request.Exit, add.Exit));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(key));
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(certificate), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(csr), StringComparison.Ordinal);
        using var joined = new Deconflict(Grid.Address, await File.ReadAllTextAsync(certificate) + await File.ReadAllTextAsync(key));
        Assert.Equal(ExitStatus.Done, (await joined.RunAsync("overlaps", "list")).Exit);
    }

    [Fact]
    public async Task IdentityRequest_ThatCannotBeWritten_LeavesNoKey()
    {
        string[] line = ["identity", "request", "--key", Program.PathOf("a.key"), "--csr"];

        var failed = await Program.RunAsync([.. line, Program.PathOf("nowhere/a.csr")]);

        Assert.Equal(ExitStatus.WrongUse, failed.Exit);
        Assert.Equal(ExitStatus.Done, (await Program.RunAsync([.. line, Program.PathOf("a.csr")])).Exit);
    }

    [Fact]
    public void SecretFile_WhoseContentIsNotWritten_IsNotLeftBehind()
    {
        var file = Program.PathOf("a.key");

        Assert.ThrowsAny<Exception>(() => SecretFile.Create(file, content: null!));

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task AgencyAdd_UnderAnOutsideAuthority_AsksForNoCertificateAndWritesNoFile()
    {
        var outcome = await Program.RunAsync(
            "agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", "--no-certificate", "--trust-domain", "two.example");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        var asked = Grid.State.Only<CreateAgencyRequest>();
        Assert.Equal(("bka", "", "two.example"), (asked.Agency, asked.CsrPem, asked.TrustDomain));
    }

    [Theory]
    [InlineData("--no-certificate there is nothing to write", "--no-certificate", "--out", "a.pem")]
    [InlineData("--no-certificate there is nothing to write", "--no-certificate", "--csr", "a.csr")]
    [InlineData("Name where the certificate is written: --out FILE")]
    public async Task AgencyAdd_CertificateBothWaysOrNeither_IsWrongUse(string says, params string[] options)
    {
        var outcome = await Program.RunAsync(["agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", .. options]);

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains(says, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Grid.State.Requests);
    }

    [Fact]
    public async Task AgencyAdd_OutcomeUnknown_KeepsTheKeyAndRepeatsTheSameRequest()
    {
        Grid.State.Refusals.Enqueue(RichError.Of(StatusCode.DeadlineExceeded, "No answer.").ToException());
        var file = Program.PathOf("bka.pem");
        string[] line = ["agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", "--out", file];

        var lost = await Program.RunAsync(line);
        var again = await Program.RunAsync([.. line, "--csr", file + ".csr"]);

        Assert.Equal((ExitStatus.Unreachable, ExitStatus.Done), (lost.Exit, again.Exit));
        Assert.Contains("--csr", lost.Error, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file + ".key"));
        var asked = Grid.State.Requests.OfType<CreateAgencyRequest>().ToList();
        Assert.Equal(asked[0], asked[1]);
        using var joined = new Deconflict(Grid.Address, await File.ReadAllTextAsync(file) + await File.ReadAllTextAsync(file + ".key"));
        Assert.Equal(ExitStatus.Done, (await joined.RunAsync("overlaps", "list")).Exit);
    }

    [Fact]
    public async Task AgencyCertify_WithoutRequest_MakesTheKeyHereAndWritesAnIdentityThatWorks()
    {
        var file = Program.PathOf("bka.pem");

        var outcome = await Program.RunAsync("agency", "certify", "bka", "--out", file, "--json");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        var shown = Assert.Single(outcome.Json);
        Assert.Equal(("bka", "0C", file), (Text("agency"), Text("serial"), Text("out")));
        Assert.Contains("private key was made on this machine", Assert.Single(outcome.JsonErrors).GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        var asked = Grid.State.Only<IssueCertificateRequest>();
        Assert.Equal(("bka", "officer"), (asked.Agency, asked.RequestedBy));
        Assert.DoesNotContain("PRIVATE", asked.ToString(), StringComparison.Ordinal);
        using var certified = new Deconflict(Grid.Address, await File.ReadAllTextAsync(file));
        Assert.Equal(ExitStatus.Done, (await certified.RunAsync("overlaps", "list")).Exit);

        string? Text(string name) => shown.GetProperty(name).GetString();
    }

    [Fact]
    public async Task AgencyCertify_WithTheAgencysRequest_SignsItAndAsksAnewEachTime()
    {
        var (key, csr) = (Program.PathOf("a.key"), Program.PathOf("a.csr"));
        await Program.RunAsync("identity", "request", "--key", key, "--csr", csr, "--name", "bka");

        var first = await Program.RunAsync("agency", "certify", "bka", "--csr", csr, "--out", Program.PathOf("1.crt"));
        var second = await Program.RunAsync("agency", "certify", "bka", "--csr", csr, "--out", Program.PathOf("2.crt"), "--key-lost");

        Assert.Equal((ExitStatus.Done, ExitStatus.Done), (first.Exit, second.Exit));
        Assert.Contains("It joins it with its own key", first.Error, StringComparison.Ordinal);
        var certificate = await File.ReadAllTextAsync(Program.PathOf("1.crt"));
        Assert.DoesNotContain("PRIVATE", certificate, StringComparison.Ordinal);
        using var joined = new Deconflict(Grid.Address, certificate + await File.ReadAllTextAsync(key));
        Assert.Equal(ExitStatus.Done, (await joined.RunAsync("overlaps", "list")).Exit);
        // Next year's certificate of the same key is asked for by the same request: were its id the same, last year's would be the answer.
        var asked = Grid.State.Requests.OfType<IssueCertificateRequest>().ToList();
        Assert.Equal(2, asked.Select(request => request.RequestId).Distinct().Count());
        Assert.Equal([false, true], asked.Select(request => request.KeyLost));
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, 1)]
    [InlineData(StatusCode.DeadlineExceeded, 3)]
    public async Task AgencyCertify_NotDone_LeavesNoFile(StatusCode code, int exit)
    {
        Grid.State.Refusals.Enqueue(RichError.Of(code, "No.").ToException());
        var file = Program.PathOf("bka.pem");

        var outcome = await Program.RunAsync("agency", "certify", "bka", "--out", file);

        Assert.Equal(exit, (int)outcome.Exit);
        Assert.DoesNotContain("bka.pem", Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AgencyAdd_Refused_LeavesNoFile()
    {
        Grid.State.Refusals.Enqueue(RichError.AlreadyExists("The id is taken.").WithInfo("AGENCY_EXISTS").ToException());
        var file = Program.PathOf("bka.pem");

        var outcome = await Program.RunAsync("agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", "--out", file);

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        Assert.DoesNotContain(new[] { file, file + ".key", file + ".csr" }, File.Exists);
    }

    [Fact]
    public async Task AgencyCertify_FileIsThere_IsNotOverwrittenAndTheGridIsNotAsked()
    {
        var file = Program.Write("bka.pem", "a key");

        var outcome = await Program.RunAsync("agency", "certify", "bka", "--out", file);

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Equal("a key", await File.ReadAllTextAsync(file));
        Assert.Empty(Grid.State.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AgencyAdd_FileIsThere_IsNotOverwrittenAndTheGridIsNotAsked(bool withRequest)
    {
        var file = Program.Write("bka.pem", "a key");
        string[] request = withRequest ? ["--csr", Program.Write("a.csr", "x")] : [];

        var outcome = await Program.RunAsync(["agency", "add", "bka", "--name", "BKA", "--role", "HOTLINE", "--contact", "desk", "--out", file, .. request]);

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Equal("a key", await File.ReadAllTextAsync(file));
        Assert.Empty(Grid.State.Requests);
    }

    [Fact]
    public async Task IdentityRequest_FileIsThere_IsNotOverwritten()
    {
        var key = Program.Write("a.key", "a key");

        var outcome = await Program.RunAsync("identity", "request", "--key", key, "--csr", Program.PathOf("a.csr"));

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Equal("a key", await File.ReadAllTextAsync(key));
        Assert.False(File.Exists(Program.PathOf("a.csr")));
    }

    [Fact]
    public async Task IdentityRenew_PutsANewKeyAndCertificateInPlace_ThatWork()
    {
        var before = Thumbprint(Program.IdentityFile);

        var outcome = await Program.RunAsync("identity", "renew", "--json");

        Assert.Equal((ExitStatus.Done, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("0B", Assert.Single(outcome.Json).GetProperty("serial").GetString());
        Assert.NotEqual(before, Thumbprint(Program.IdentityFile));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Program.IdentityFile));
        Assert.Equal(ExitStatus.Done, (await Program.RunAsync("overlaps", "list")).Exit);
    }

    [Fact]
    public async Task IdentityRenew_Refused_KeepsTheOldIdentity()
    {
        var before = await File.ReadAllTextAsync(Program.IdentityFile);
        Grid.State.Refusals.Enqueue(RichError.PermissionDenied("No.").ToException());

        var outcome = await Program.RunAsync("identity", "renew");

        Assert.Equal(ExitStatus.Refused, outcome.Exit);
        Assert.Equal(before, await File.ReadAllTextAsync(Program.IdentityFile));
        Assert.Equal([Program.IdentityFile], Directory.GetFiles(Path.GetDirectoryName(Program.IdentityFile)!));
    }

    [Fact]
    public void SecretFile_Replace_ThroughALink_KeepsTheLink()
    {
        var real = Program.Write("real.pem", "old");
        var link = Program.PathOf("link.pem");
        File.CreateSymbolicLink(link, real);

        SecretFile.Replace(link, "new");

        Assert.Equal(real, File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
        Assert.Equal("new", File.ReadAllText(real));
    }

    private static string Thumbprint(string file)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return certificate.Thumbprint;
    }
}
