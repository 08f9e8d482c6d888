using System.Collections.Frozen;
using Deconfliction.Gateway.Errors;
using Deconfliction.Protocol.V1;
using Google.Protobuf.Reflection;
using AgencyRole = Deconfliction.Domain.Agencies.AgencyRole;

namespace Deconfliction.Gateway.Access;

/// <summary>Who may call what: the one table of it. A method that is not in it may be called by nobody.</summary>
internal static class MethodAccess
{
    private const string ClaimService = "deconfliction.v1.ClaimService";
    private const string CheckService = "deconfliction.v1.CheckService";
    private const string OverlapService = "deconfliction.v1.OverlapService";
    private const string AlertService = "deconfliction.v1.AlertService";
    private const string AgencyService = "deconfliction.v1.AgencyService";
    private const string AuditService = "deconfliction.v1.AuditService";

    private static readonly AgencyRole[] s_entitled = [AgencyRole.LawEnforcement, AgencyRole.InternationalBody];
    private static readonly AgencyRole[] s_claimants = [.. s_entitled, AgencyRole.Hotline, AgencyRole.Industry];
    private static readonly AgencyRole[] s_operators = [AgencyRole.Operator];
    private static readonly AgencyRole[] s_auditors = [AgencyRole.Auditor];
    private static readonly AgencyRole[] s_all = [.. s_claimants, AgencyRole.Operator, AgencyRole.Auditor];

    private static readonly FrozenDictionary<string, Rule> s_rules = new Dictionary<string, Rule>(StringComparer.Ordinal)
    {
        [$"/{ClaimService}/CreateClaim"] = new(s_claimants),
        [$"/{ClaimService}/GetClaim"] = new(s_claimants),
        [$"/{ClaimService}/ListClaims"] = new(s_claimants),
        [$"/{ClaimService}/UpdateClaim"] = new(s_claimants),
        [$"/{ClaimService}/RenewClaim"] = new(s_claimants),
        [$"/{ClaimService}/ReleaseClaim"] = new(s_claimants),
        [$"/{ClaimService}/ReleaseCase"] = new(s_claimants),
        [$"/{ClaimService}/ImportClaims"] = new(s_claimants, IsStream: true),
        [$"/{CheckService}/Check"] = new(s_entitled),
        [$"/{CheckService}/StreamChecks"] = new(s_entitled, IsStream: true),
        [$"/{OverlapService}/GetOverlap"] = new(s_entitled),
        [$"/{OverlapService}/ListOverlaps"] = new(s_entitled),
        [$"/{OverlapService}/AcknowledgeOverlap"] = new(s_entitled),
        [$"/{OverlapService}/ResolveOverlap"] = new(s_entitled),
        [$"/{OverlapService}/RequestContact"] = new(s_entitled),
        [$"/{OverlapService}/DiscloseOverlap"] = new(s_entitled),
        [$"/{AlertService}/StreamAlerts"] = new(s_all, IsStream: true),
        [$"/{AlertService}/AcknowledgeAlerts"] = new(s_all),
        [$"/{AgencyService}/CreateAgency"] = new(s_operators),
        [$"/{AgencyService}/ListAgencies"] = new(s_operators),
        [$"/{AgencyService}/RevokeAgency"] = new(s_operators),
        [$"/{AgencyService}/IssueCertificate"] = new(s_operators),
        [$"/{AgencyService}/RenewCertificate"] = new(s_all),
        [$"/{AuditService}/ListAuditEntries"] = new(s_auditors),
        [$"/{AuditService}/VerifyAudit"] = new(s_auditors),
        ["/grpc.health.v1.Health/Check"] = new(s_all),
        ["/grpc.health.v1.Health/Watch"] = new(s_all, IsStream: true),
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = new(s_all, IsStream: true),
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = new(s_all, IsStream: true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The services that are for agencies.</summary>
    public static IReadOnlyList<ServiceDescriptor> Services { get; } =
    [
        Descriptor(ClaimServiceReflection.Descriptor),
        Descriptor(CheckServiceReflection.Descriptor),
        Descriptor(OverlapServiceReflection.Descriptor),
        Descriptor(AlertServiceReflection.Descriptor),
        Descriptor(AgencyServiceReflection.Descriptor),
        Descriptor(AuditServiceReflection.Descriptor),
    ];

    /// <summary>Whether a role may call a method, and whether that is a stream; the problem says who may.</summary>
    public static (bool IsStream, Problem? Problem) Judge(string method, AgencyRole role)
    {
        if (!s_rules.TryGetValue(method, out var rule))
        {
            return (false, Problems.NotPermitted(role, "nobody"));
        }

        return (rule.IsStream, Array.IndexOf(rule.Roles, role) >= 0 ? null : Problems.NotPermitted(role, rule.Who));
    }

    private static ServiceDescriptor Descriptor(FileDescriptor file) => file.Services[0];

    private sealed record Rule(AgencyRole[] Roles, bool IsStream = false)
    {
        public string Who { get; } = string.Join(", ", Roles.Select(RoleNames.Of));
    }
}
