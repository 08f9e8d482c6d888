using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger;

namespace Deconfliction.Grid;

/// <summary>The grid as the one who acts (sweeps, notices): its name in the audit record. No agency can have it.</summary>
public static class GridItself
{
    /// <summary>The reserved agency id.</summary>
    public static AgencyId Agency { get; } = AgencyId.Parse("grid");

    /// <summary>What stands in place of a certificate's serial number.</summary>
    public const string Certificate = "grid";

    /// <summary>A request of the grid's own; always in the bulk lane, because nobody waits for it.</summary>
    public static RequestContext Request { get; } = new(
        new Caller(Agency, AgencyRole.Operator, Certificate), RequestedBy: "", RequestId: null, PayloadHash: default, Lane.Bulk);
}
