using Deconfliction.LoadTests.Rows;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Tests.Rows;

public sealed class RowCommandTests
{
    [Theory]
    [InlineData("--only nothing-of-that-name")]
    [InlineData("--rounds 0")]
    [InlineData("--seconds many")]
    [InlineData("--large-claims 5")]
    [InlineData("--unknown")]
    public void Parse_WrongUse_IsAnError(string line) => Assert.NotEmpty(RowCommand.Build(RowProgram.Names, Nothing).Parse(line).Errors);

    [Fact]
    public async Task Invoke_Quick_HasTwoRoundsAndEightMinutes()
    {
        var options = await OptionsAsync("--quick", "--only", "claims", "checks");

        Assert.Equal((2, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(8)), (options.Rounds, options.Length, options.Limit));
        Assert.Equal(["claims", "checks"], options.Only);
    }

    [Fact]
    public async Task Invoke_Nothing_HasFiveRoundsAnd45Minutes()
    {
        var options = await OptionsAsync();

        Assert.Equal((5, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(45)), (options.Rounds, options.Length, options.Limit));
        Assert.Equal(10_000_000, options.LargeClaims);
    }

    [Fact]
    public void Names_OfTheRows_AreThoseThatTheScriptTells()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "loadtests", "run"));

        Assert.All(RowProgram.Names, name => Assert.Matches($@"[ :#]{name}[ \n]", script[..script.IndexOf("set -euo", StringComparison.Ordinal)]));
    }

    private static async Task<RowOptions> OptionsAsync(params string[] words)
    {
        RowOptions? options = null;
        await RowCommand.Build(RowProgram.Names, (given, _) =>
        {
            options = given;
            return Task.FromResult(0);
        }).Parse(words).InvokeAsync();
        return options!;
    }

    private static Task<int> Nothing(RowOptions options, CancellationToken cancellationToken) => Task.FromResult(0);
}
