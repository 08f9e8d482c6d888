using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Claims;

/// <summary>What is told of a claim.</summary>
public sealed class ClaimRecordTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(443, true)]
    public void Port_IsToldWhereOneWasNamed(uint port, bool isTold)
    {
        var record = ClaimRecord.Of(new Claim { Claim_ = "cl-1", Port = port });

        Assert.Equal(isTold ? $"{port}" : "", record["port"]);
        Assert.Equal(isTold, JsonLine.Of(record).Contains("\"port\"", StringComparison.Ordinal));
    }
}
