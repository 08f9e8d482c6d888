using Deconfliction.Gateway.Access;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Access;

/// <summary>Every method by every role, over the wire. Written down apart from the table in the code, as DESIGN.md says it.</summary>
[Collection(SharedServerTests.Name)]
public sealed class PermissionMatrixTests(SharedServer shared)
{
    private const string PermissionDenied = "7";

    private static readonly AgencyRole[] s_police = [AgencyRole.LawEnforcement, AgencyRole.InternationalBody];
    private static readonly AgencyRole[] s_claimants = [.. s_police, AgencyRole.Hotline, AgencyRole.Industry];
    private static readonly AgencyRole[] s_everybody = [.. s_claimants, AgencyRole.Operator, AgencyRole.Auditor];

    private static AgencyRole[] Expected(string service, string method) => (service, method) switch
    {
        ("ClaimService", _) => s_claimants,
        ("CheckService", _) or ("OverlapService", _) => s_police,
        ("AlertService", _) or ("AgencyService", "RenewCertificate") => s_everybody,
        ("AgencyService", _) => [AgencyRole.Operator],
        ("AuditService", _) => [AgencyRole.Auditor],
        _ => throw new InvalidOperationException($"Who may call {service}/{method}? Say it here."),
    };

    [Theory]
    [InlineData(AgencyRole.LawEnforcement)]
    [InlineData(AgencyRole.InternationalBody)]
    [InlineData(AgencyRole.Hotline)]
    [InlineData(AgencyRole.Industry)]
    [InlineData(AgencyRole.Operator)]
    [InlineData(AgencyRole.Auditor)]
    public async Task EveryMethod_ByRole_IsDeniedExactlyWhereItShouldBe(AgencyRole role)
    {
        using var raw = new RawCalls(shared.Server, shared.ByRole[role].Certificate);
        foreach (var method in MethodAccess.Services.SelectMany(service => service.Methods))
        {
            var answer = await raw.SendAsync($"/{method.Service.FullName}/{method.Name}", message: null, method.IsServerStreaming);
            var mayCall = Expected(method.Service.Name, method.Name).Contains(role);
            Assert.True(mayCall == (answer.Status != PermissionDenied), $"{role} {method.FullName}: {answer.Status} {answer.Message}");
        }
    }

    [Fact]
    public async Task DeniedCall_SaysWhoMay()
    {
        var hotline = shared.ByRole[AgencyRole.Hotline];
        var refused = await hotline.Channel.FailAsync<CheckRequest, CheckResponse>(hotline.Check("20.0.0.1"));
        Assert.Equal("ROLE_NOT_PERMITTED", refused.Reason());
        Assert.Contains("LAW_ENFORCEMENT, INTERNATIONAL_BODY", refused.Status.Detail);
    }
}
