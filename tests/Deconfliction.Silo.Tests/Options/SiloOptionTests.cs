using Deconfliction.Server.Options;
using Deconfliction.Silo.Options;
using Deconfliction.Testing.Processes;
using Deconfliction.Silo.Tests.Setup;

namespace Deconfliction.Silo.Tests.Options;

/// <summary>Each error names the option, its value, where it was set and what would be right.</summary>
public sealed class SiloOptionTests
{
    private const string Connection = "Host=localhost;Database=deconfliction;Username=grid";

    [Theory]
    [InlineData("--silo-name is 'Silo One' (on the command line); give lower-case letters, digits", "--silo-name", "Silo One")]
    [InlineData("--silo-name is '../ca' (on the command line); give lower-case letters, digits", "--silo-name", "../ca")]
    [InlineData("--connection is '(hidden)' (on the command line); give Npgsql's form with a Host", "--connection", "Password=hush")]
    [InlineData("--connection is '(hidden)' (on the command line); give Npgsql's form with a Host", "--connection", "hush")]
    [InlineData("--orleans-connection is '(hidden)' (on the command line); give Npgsql's form", "--orleans-connection", "Host=a;Frobnicate=hush")]
    [InlineData("--listen is 'foo' (on the command line); give ADDRESS:PORT", "--listen", "foo")]
    [InlineData("--trust-domain is 'Not A Domain'", "--trust-domain", "Not A Domain")]
    [InlineData("--store is no option", "--store", "sqlite")]
    [InlineData("--frobnicate is no option", "--frobnicate", "1")]
    [InlineData("--silo needs a value", "--silo")]
    [InlineData("--silo is given twice", "--silo", "10.0.0.5:7411", "--silo", "10.0.0.6:7411")]
    public void Read_WrongValue_SaysWhatWouldBeRight(string problem, params string[] arguments)
    {
        string[] connection = arguments.Contains("--connection") ? [] : ["--connection", Connection];
        var (options, problems) = Read(runs: true, [.. connection, .. arguments]);

        Assert.Null(options);
        Assert.Contains(problems, text => text.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, text => text.Contains("hush", StringComparison.Ordinal));
    }

    // Not what serves for a listener, such as 0.0.0.0: the others are told it.
    [Theory]
    [InlineData("foo")]
    [InlineData("7411")]
    [InlineData("0.0.0.0:7411")]
    [InlineData("[::]:7411")]
    [InlineData("10.0.0.5:0")]
    public void Read_WrongAddressForOtherSilos_HasOneRemedyThatThisOptionTakes(string value)
    {
        var (_, problems) = Read(runs: true, ["--connection", Connection, "--silo", value]);

        Assert.Equal(
            $"--silo is '{value}' (on the command line); give the one address and port at which other silos reach this one, such as 10.0.0.5:7411.",
            Assert.Single(problems));
    }

    [Theory]
    [InlineData("DECONFLICTION_SILO_NAEM", "DECONFLICTION_SILO_NAEM is no option. Write DECONFLICTION_SILO_NAME, or unset it.")]
    [InlineData("DECONFLICTION_KEY", "DECONFLICTION_KEY is no option. Write DECONFLICTION_KEYS, or unset it.")]
    [InlineData("DECONFLICTION_CLUSTER")]
    [InlineData("DECONFLICTION_STORE")]
    [InlineData("DECONFLICTION_FAULT_SECONDS")]
    public void Variable_LikeAnOptions_IsAProblem_AndNoOther(string name, params string[] problems)
    {
        var sources = OptionSources.Read(SiloOptionTable.All, [], static _ => null, "nowhere.json");
        sources.JudgeVariables([name]);
        Assert.Equal(problems, sources.Problems);
    }

    [Fact]
    public void Read_NoConnection_IsWrongForASiloAndRightForItsFiles()
    {
        var (silo, problems) = Read(runs: true, []);
        var (files, none) = Read(runs: false, []);

        Assert.Null(silo);
        Assert.StartsWith("--connection is missing; a cluster keeps its record in PostgreSQL, such as 'Host=", Assert.Single(problems), StringComparison.Ordinal);
        Assert.NotNull(files);
        Assert.Empty(none);
    }

    [Fact]
    public void Read_ConnectionAlone_GivesTheDefaults()
    {
        var (options, problems) = Read(runs: true, ["--connection", Connection, "--data", "d"]);

        Assert.Empty(problems);
        Assert.Equal(("127.0.0.1:7411", "silo-7411", "deconfliction"), (options!.EndPoint.ToString(), options.Name, options.ClusterId));
        Assert.Equal((Path.Combine("d", "pki", "silos", "silo-7411.pem"), Path.Combine("d", "pki", "silo-ca.pem")), (options.IdentityFile, options.AuthorityFile));
        Assert.Equal((Connection, Connection), (options.Connection, options.OrleansConnection));
    }

    [Fact]
    public void Read_ItsOwnOptions_AreTaken()
    {
        var (options, problems) = Read(runs: true,
        [
            "--connection", Connection, "--orleans-connection", "Host=other;Database=o", "--silo", "[::1]:7500", "--silo-name", "paris.1", "--cluster-id", "europe",
            "--silo-identity", "i.pem", "--silo-authority", "a.pem", "--keys", "k", "--pki", "p",
        ]);

        Assert.Empty(problems);
        Assert.Equal(("[::1]:7500", "paris.1", "europe"), (options!.EndPoint.ToString(), options.Name, options.ClusterId));
        Assert.Equal(("i.pem", "a.pem", "k", "p"), (options.IdentityFile, options.AuthorityFile, options.Server.KeysFolder, options.Server.PkiFolder));
        Assert.Equal("Host=other;Database=o", options.OrleansConnection);
    }

    [Fact]
    public async Task Program_WrongUse_SaysWhatIsRightAndEndsWith2()
    {
        using var folder = new TemporaryFolder();
        var option = await SiloProgram.RunAsync(folder.Path, "--silo", "0.0.0.0:1", "--connection", Connection);
        var word = await SiloProgram.RunAsync(folder.Path, "begin");
        var half = await SiloProgram.RunAsync(folder.Path, "identity", "two");
        var name = await SiloProgram.RunAsync(folder.Path, "identity", "../two", "--out", "two.pem");

        Assert.Equal((2, 2, 2, 2), (option.ExitCode, word.ExitCode, half.ExitCode, name.ExitCode));
        Assert.Equal("deconfliction-silo: --silo is '0.0.0.0:1' (on the command line); give the one address and port at which other silos reach this one, such as 10.0.0.5:7411.", option.Errors.Trim());
        Assert.StartsWith("deconfliction-silo: 'begin' is not understood. Run without arguments, or with 'init', or with 'identity NAME --out FILE'", word.Errors, StringComparison.Ordinal);
        Assert.StartsWith("deconfliction-silo: 'identity two' is not understood.", half.Errors, StringComparison.Ordinal);
        Assert.Equal(
            "deconfliction-silo: '../two' is not the name of a silo; give lower-case letters, digits and, inside, dots, hyphens and underscores; at most 63.", name.Errors.Trim());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Program_NoIdentityYet_SaysHowToMakeOneAndEndsWith1()
    {
        using var folder = new TemporaryFolder();
        var said = await SiloProgram.RunAsync(folder.Path, "--connection", Connection);

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("--silo-identity ", said.Errors, StringComparison.Ordinal);
        Assert.Contains("Run 'deconfliction-silo init' once for a cluster, then 'deconfliction-silo identity silo-7411 --out ", said.Errors, StringComparison.Ordinal);
    }

    private static (SiloOptions? Options, IReadOnlyList<string> Problems) Read(bool runs, string[] arguments) =>
        new SiloOptionReader(OptionSources.Read(SiloOptionTable.All, arguments, static _ => null, "nowhere.json")).Read(runs);
}
