using Deconfliction.Protocol.V1;
using Google.Protobuf.Reflection;

namespace Deconfliction.Protocol.Tests;

/// <summary>What the specification promises of every service, method and message.</summary>
public sealed class DescriptorTests
{
    private static readonly FileDescriptor[] Files =
    [
        ClaimServiceReflection.Descriptor, CheckServiceReflection.Descriptor, OverlapServiceReflection.Descriptor, AlertServiceReflection.Descriptor,
        AgencyServiceReflection.Descriptor, AuditServiceReflection.Descriptor,
    ];

    private static readonly string[] Reads = ["Get", "List", "Stream", "Verify", "Import"];

    private static IEnumerable<MethodDescriptor> Methods => Files.SelectMany(file => file.Services).SelectMany(service => service.Methods);

    [Fact]
    public void Services_HaveTheMethodsOfTheSpecification()
    {
        Assert.Equal(
            [
                "AgencyService.CreateAgency", "AgencyService.IssueCertificate", "AgencyService.ListAgencies", "AgencyService.RenewCertificate",
                "AgencyService.RevokeAgency",
                "AlertService.AcknowledgeAlerts", "AlertService.StreamAlerts", "AuditService.ListAuditEntries", "AuditService.VerifyAudit",
                "CheckService.Check", "CheckService.StreamChecks",
                "ClaimService.CreateClaim", "ClaimService.GetClaim", "ClaimService.ImportClaims", "ClaimService.ListClaims", "ClaimService.ReleaseCase",
                "ClaimService.ReleaseClaim", "ClaimService.RenewClaim", "ClaimService.UpdateClaim",
                "OverlapService.AcknowledgeOverlap", "OverlapService.DiscloseOverlap", "OverlapService.GetOverlap", "OverlapService.ListOverlaps",
                "OverlapService.RequestContact", "OverlapService.ResolveOverlap",
            ],
            Methods.Select(method => $"{method.Service.Name}.{method.Name}").Order(StringComparer.Ordinal));
        Assert.All(Files, file => Assert.Equal("deconfliction.v1", file.Package));
    }

    [Fact]
    public void EveryMutationAndCheck_CarriesRequestIdAndRequestedBy()
    {
        var recorded = Methods.Where(method => !Array.Exists(Reads, verb => method.Name.StartsWith(verb, StringComparison.Ordinal))).ToList();

        Assert.Equal(15, recorded.Count);
        Assert.All(recorded, method =>
        {
            Assert.Equal(1, method.InputType.FindFieldByName("request_id")?.FieldNumber);
            Assert.Equal(2, method.InputType.FindFieldByName("requested_by")?.FieldNumber);
            Assert.True(typeof(IRecordedRequest).IsAssignableFrom(method.InputType.ClrType), $"{method.InputType.Name} lacks {nameof(IRecordedRequest)}.");
        });
        Assert.NotNull(ImportItem.Descriptor.FindFieldByName("request_id"));
        Assert.NotNull(ImportClaimsRequest.Descriptor.FindFieldByName("requested_by"));
    }

    [Fact]
    public void EveryList_IsPaged()
    {
        var lists = Methods.Where(method => method.Name.StartsWith("List", StringComparison.Ordinal)).ToList();

        Assert.Equal(4, lists.Count);
        Assert.All(lists, method =>
        {
            Assert.Equal((1, 2), (method.InputType.FindFieldByName("page_size").FieldNumber, method.InputType.FindFieldByName("page_token").FieldNumber));
            Assert.NotNull(method.OutputType.FindFieldByName("next_page_token"));
        });
    }

    [Fact]
    public void OnlyTheBulkMethods_AreStreams()
    {
        Assert.Equal(["ImportClaims", "StreamChecks"], Methods.Where(method => method.IsClientStreaming).Select(method => method.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["ImportClaims", "StreamAlerts", "StreamChecks"],
            Methods.Where(method => method.IsServerStreaming).Select(method => method.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatOthersSee_HasNoPlaceForTheOfficersReferenceOrTheValueAsSubmitted()
    {
        // requested_by is shown to auditors alone, and what an agency submitted to itself alone (DESIGN.md, section 2).
        MessageDescriptor[] shown = [OverlapPointer.Descriptor, CheckHit.Descriptor, Counterpart.Descriptor, Alert.Descriptor, Claim.Descriptor, AuditEntry.Descriptor];

        Assert.Equal(["AuditEntry"], shown.Where(message => message.FindFieldByName("requested_by") is not null).Select(message => message.Name));
        Assert.Equal(["Claim"], shown.Where(message => message.FindFieldByName("submitted_value") is not null).Select(message => message.Name));
        Assert.All(["identifier", "value", "contact"], field => Assert.Null(AuditEntry.Descriptor.FindFieldByName(field)));
    }

    [Fact]
    public void NoAnswer_CanSayThatThereIsNoOverlap() => Assert.Equal(
        ["Unspecified", "OverlapsDisclosed", "NothingToDisclose"],
        Enum.GetNames<DisclosureNotice>());
}
