using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger.Feeds;
using Wire = Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Alerts;

/// <summary>Shows alerts: they hold references only, and what they lead to is shown under the rules of this moment.</summary>
internal sealed class AlertViews(ClaimViews claims, OverlapViews overlaps, IAgencyDirectory directory)
{
    public Wire.Alert Of(FeedEntry entry, VisibleOverlap? overlap)
    {
        var alert = entry.Alert;
        var view = new Wire.Alert
        {
            Position = entry.Position,
            Alert_ = alert.Id.ToString(),
            AlertKind = EnumMaps.ToWire(alert.Kind),
            CreateTime = ClaimViews.Time(alert.CreatedAt),
            Claim = alert.ClaimId?.ToString() ?? "",
            Overlap = overlap is null ? null : overlaps.Of(overlap),
            Counterpart = CounterpartOf(entry),
            Crowd = alert.Kind == AlertKind.Crowd ? Crowds.Read(alert.Note) : null,
        };
        if (entry.OwnClaim is { } own)
        {
            var content = claims.Open(own);
            view.Kind = IdentifierKinds.Name(content.Identifier.Kind);
            view.Identifier = content.Identifier.Canonical;
            view.CaseReference = own.Case;
            view.ExpireTime = alert.Kind == AlertKind.ClaimExpiring ? ClaimViews.Time(own.ExpiresAt) : null;
        }

        if (alert.Kind is AlertKind.CertificateExpiring or AlertKind.CertificateIssued)
        {
            AddCertificate(view, alert);
        }

        return view;
    }

    private Wire.Counterpart? CounterpartOf(FeedEntry entry)
    {
        var alert = entry.Alert;
        if (alert.From is not { } from || alert.Kind is not (AlertKind.ClaimChecked or AlertKind.ContactRequested))
        {
            return null;
        }

        return new Wire.Counterpart
        {
            Agency = from.Value,
            AgencyName = claims.NameOf(from),
            Contact = entry.FromClaim is { } claim ? claims.ContactOf(claim, claims.Open(claim)) : directory.Find(from)?.Contact ?? "",
            CaseReference = alert.FromCase ?? "",
            Purpose = alert.Kind == AlertKind.ClaimChecked ? alert.Note ?? "" : "",
        };
    }

    private void AddCertificate(Wire.Alert view, Alert alert)
    {
        var serial = alert.Note ?? "";
        view.CertificateSerial = serial.ToUpperInvariant();
        foreach (var certificate in directory.Find(alert.To)?.Certificates ?? [])
        {
            if (string.Equals(certificate.Serial, serial, StringComparison.Ordinal))
            {
                view.ExpireTime = ClaimViews.Time(certificate.NotAfter);
            }
        }
    }
}
