using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Agencies;

/// <summary>What is told of an agency.</summary>
internal static class AgencyRecord
{
    public static readonly string[] Columns = ["agency", "name", "role", "contact", "state", "create_time", "certificates"];

    public static Record Of(Agency agency) => new Record()
        .Text("agency", agency.Agency_)
        .Text("name", agency.Name)
        .Text("role", EnumText.Of(agency.Role))
        .Text("contact", agency.Contact)
        .Text("state", EnumText.Of(agency.State))
        .Time("create_time", agency.CreateTime)
        .List("certificates", agency.Certificates.Select(OfCertificate));

    public static Record OfCertificate(Certificate certificate) => new Record()
        .Text("serial", certificate.Serial)
        .Time("not_before", certificate.NotBefore)
        .Time("not_after", certificate.NotAfter)
        .Flag("revoked", certificate.Revoked);
}
