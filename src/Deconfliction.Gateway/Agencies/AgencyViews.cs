using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Views;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Agencies;

/// <summary>Shows agencies to operators.</summary>
internal static class AgencyViews
{
    public static Agency Of(AgencyRecord agency)
    {
        var view = new Agency
        {
            Agency_ = agency.Id.Value,
            Name = agency.Name,
            Role = EnumMaps.ToWire(agency.Role),
            Contact = agency.Contact,
            State = agency.IsRevoked ? AgencyState.Revoked : AgencyState.Active,
            CreateTime = ClaimViews.Time(agency.CreatedAt),
        };
        view.Certificates.AddRange(agency.Certificates.OrderBy(certificate => certificate.NotBefore).Select(Of));
        return view;
    }

    public static Certificate Of(CertificateRecord certificate) => new()
    {
        Serial = certificate.Serial.ToUpperInvariant(),
        NotBefore = ClaimViews.Time(certificate.NotBefore),
        NotAfter = ClaimViews.Time(certificate.NotAfter),
        Revoked = certificate.IsRevoked,
    };
}
