using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Ledger.Appending;

/// <summary>An agency's record is written with the operation that saves it, and what the agency is told of it.</summary>
internal sealed record SavedAgency(AgencyRecord Agency, IReadOnlyList<Alert> Alerts) : IGroupExtra;

/// <summary>A feed's acknowledged position moves forward with the operation that acknowledges it.</summary>
internal sealed record AcknowledgedFeed(AgencyId Agency, long UpTo) : IGroupExtra;
