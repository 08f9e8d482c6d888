using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Ledger.Appending;

/// <summary>An agency's record is written with the operation that saves it.</summary>
internal sealed record SavedAgency(AgencyRecord Agency) : IGroupExtra;

/// <summary>A feed's acknowledged position moves forward with the operation that acknowledges it.</summary>
internal sealed record AcknowledgedFeed(AgencyId Agency, long UpTo) : IGroupExtra;
