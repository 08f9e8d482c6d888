using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Budgets;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Grid.Budgets;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Gateway.Tests.Budgets;

/// <summary>Attack 8 of FAULTS.md: a sweep is stopped, however it is spread.</summary>
public sealed class AgencyBudgetsTests
{
    private static readonly AgencyId s_alpha = AgencyId.Parse("alpha");

    [Fact]
    public async Task Take_HoldsAMinutesWorth_AndRefillsWithTime()
    {
        var time = new FakeTimeProvider();
        var budgets = new AgencyBudgets(new LocalBudgets(time), new GatewayOptions { ChecksPerMinute = 60 }, time, NullLogger<AgencyBudgets>.Instance);
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(await budgets.TakeCheckAsync(s_alpha, default));
        }

        var refused = await budgets.TakeCheckAsync(s_alpha, default);
        Assert.Equal(("BUDGET_EXHAUSTED", TimeSpan.FromSeconds(1)), (refused!.Reason, refused.RetryAfter));
        Assert.Null(await budgets.TakeCheckAsync(AgencyId.Parse("beta"), default));
        Assert.Null(await budgets.TakeClaimAsync(s_alpha, default));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await budgets.TakeCheckAsync(s_alpha, default));
        Assert.Null(await budgets.TakeCheckAsync(s_alpha, default));
        Assert.NotNull(await budgets.TakeCheckAsync(s_alpha, default));
        time.Advance(TimeSpan.FromHours(1));
        var taken = 0;
        for (var i = 0; i < 100; i++)
        {
            taken += await budgets.TakeCheckAsync(s_alpha, default) is null ? 1 : 0;
        }

        Assert.Equal(60, taken);
    }

    [Fact]
    public async Task Checks_OverCallsStreamsAndCertificates_HaveOneBudget()
    {
        await using var server = await TestServer.StartAsync("--checks-per-minute", "6");
        var alpha = await server.AddAsync("alpha", Protocol.V1.AgencyRole.LawEnforcement);
        await alpha.Channel.CallAsync<CheckRequest, CheckResponse>(alpha.Check("20.1.0.1"));
        var second = await SecondCertificateAsync(alpha, server);
        await second.CallAsync<CheckRequest, CheckResponse>(alpha.Check("20.1.0.2"));
        using var stream = alpha.Channel.DuplexStream(Calls.Method<StreamChecksRequest, StreamChecksResponse>());
        var message = new StreamChecksRequest();
        message.Items.AddRange(Enumerable.Range(0, 8).Select(i => new CheckItem { Position = i, Check = alpha.Check($"20.1.1.{i}") }));
        await stream.RequestStream.WriteAsync(message);
        await stream.RequestStream.CompleteAsync();
        var results = new List<CheckResult>();
        while (await stream.ResponseStream.MoveNext(CancellationToken.None))
        {
            results.AddRange(stream.ResponseStream.Current.Results);
        }

        Assert.Equal((4, 4), (results.Count(result => result.Answer is not null), results.Count(result => result.Error is not null)));
        Assert.All(
            results.Where(result => result.Error is not null), result => Assert.True(result.Error is { Reason: "BUDGET_EXHAUSTED", RetryAfterMs: > 0 }));
        var refused = await second.FailAsync<CheckRequest, CheckResponse>(alpha.Check("20.1.2.1"));
        Assert.Equal((StatusCode.ResourceExhausted, "BUDGET_EXHAUSTED"), (refused.StatusCode, refused.Reason()));
        Assert.NotNull(refused.GetRetryInfo());
        Assert.Contains("alpha has used up its budget of 6 checks", server.Log.Text);
    }

    private static async Task<RpcChannel> SecondCertificateAsync(TestAgency agency, TestServer server)
    {
        var pair = Deconfliction.Client.Identities.CertificateRequestPair.Create("x");
        var renewed = await agency.Channel.CallAsync<RenewCertificateRequest, RenewCertificateResponse>(
            new RenewCertificateRequest { RequestId = Calls.NewId(), RequestedBy = "o", CsrPem = pair.RequestPem });
        return server.Channel(TestCertificates.WithKey(renewed.CertificatePem, pair.KeyPem));
    }
}
