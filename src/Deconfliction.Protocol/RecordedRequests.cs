namespace Deconfliction.Protocol.V1;

/// <summary>
/// A request that leaves a record: it carries an id that makes a retry safe (AIP-155), and the officer who asked.
/// </summary>
public interface IRecordedRequest
{
    /// <summary>A UUID, unique within the agency.</summary>
    string RequestId { get; set; }

    /// <summary>The agency's own opaque reference of the officer.</summary>
    string RequestedBy { get; set; }
}

public sealed partial class CreateClaimRequest : IRecordedRequest;

public sealed partial class UpdateClaimRequest : IRecordedRequest;

public sealed partial class RenewClaimRequest : IRecordedRequest;

public sealed partial class ReleaseClaimRequest : IRecordedRequest;

public sealed partial class ReleaseCaseRequest : IRecordedRequest;

public sealed partial class CheckRequest : IRecordedRequest;

public sealed partial class AcknowledgeOverlapRequest : IRecordedRequest;

public sealed partial class ResolveOverlapRequest : IRecordedRequest;

public sealed partial class RequestContactRequest : IRecordedRequest;

public sealed partial class DiscloseOverlapRequest : IRecordedRequest;

public sealed partial class AcknowledgeAlertsRequest : IRecordedRequest;

public sealed partial class CreateAgencyRequest : IRecordedRequest;

public sealed partial class RevokeAgencyRequest : IRecordedRequest;

public sealed partial class RenewCertificateRequest : IRecordedRequest;

public sealed partial class IssueCertificateRequest : IRecordedRequest;
