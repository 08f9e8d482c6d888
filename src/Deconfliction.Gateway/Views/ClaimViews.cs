using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger.Claims;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Wire = Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Views;

/// <summary>Shows claims as the protocol has them: opens what the gateway sealed, for those who may see it.</summary>
internal sealed class ClaimViews(
    Sealer sealer, IAgencyDirectory directory, HazardCatalogue catalogue, GatewayOptions options, ILogger<ClaimViews> log)
{
    /// <summary>What a claim holds.</summary>
    public SealedContent Open(Claim claim)
    {
        try
        {
            return sealer.Open(claim.Sealed.Span, claim.Agency, claim.Id);
        }
        catch (SealBrokenException broken)
        {
            GatewayLog.SealBroken(log, claim.Id, broken.Message);
            throw;
        }
    }

    /// <summary>A claim as its owner sees it.</summary>
    public Wire.Claim Own(OwnedClaim owned, SealedContent content, string? crowdBand)
    {
        var entitled = owned.Claim.Role.IsEntitledToHits();
        return Own(owned.Claim, content, entitled ? owned.Hazard : null, entitled ? crowdBand : null);
    }

    /// <summary>A claim as its owner sees it, with what the owner may know of the identifier.</summary>
    public Wire.Claim Own(Claim claim, SealedContent content, string? hazard, string? crowdBand)
    {
        var view = new Wire.Claim
        {
            Claim_ = claim.Id.ToString(),
            Kind = IdentifierKinds.Name(content.Identifier.Kind),
            Identifier = content.Identifier.Canonical,
            SubmittedValue = content.Submitted,
            RuleVersion = (uint)content.RuleVersion,
            CaseReference = claim.Case,
            Contact = ContactOf(claim, content),
            Purpose = content.Purpose,
            LegalBasis = content.LegalBasis,
            Priority = EnumMaps.ToWire(claim.Priority),
            Handling = EnumMaps.ToWire(claim.Handling),
            Disclosure = EnumMaps.ToWire(claim.Disclosure),
            Port = (uint)(claim.Port ?? 0),
            State = StateOf(claim),
            CreateTime = Time(claim.CreatedAt),
            ExpireTime = Time(claim.ExpiresAt),
            RenewTime = RenewTime(claim),
            EndTime = claim.EndedAt is { } ended ? Time(ended) : null,
            Etag = Etags.Of(claim),
            Hazard = Hazard(hazard, content.Identifier),
            Crowd = Crowds.Read(crowdBand),
        };
        if (claim.Window is { } window)
        {
            view.Window = new Wire.Window
            {
                From = Time(window.From),
                Until = Time(window.Until),
                Tolerance = window.Tolerance == TimeSpan.Zero ? null : Duration.FromTimeSpan(window.Tolerance),
            };
        }

        return view;
    }

    /// <summary>From when on the owner is reminded to renew.</summary>
    public Timestamp RenewTime(Claim claim) => Time(claim.ExpiresAt - options.Policy.ExpiryNotice);

    /// <summary>Whom to call about a claim: its own contact, else its agency's.</summary>
    public string ContactOf(Claim claim, SealedContent content) =>
        content.Contact.Length > 0 ? content.Contact : directory.Find(claim.Agency)?.Contact ?? "";

    /// <summary>An agency's name for readers.</summary>
    public string NameOf(AgencyId agency) => directory.Find(agency)?.Name ?? "";

    /// <summary>A hazard with the words that the catalogue has for it.</summary>
    public Wire.Hazard? Hazard(string? reason, Identifier identifier)
    {
        if (reason is null)
        {
            return null;
        }

        var known = catalogue.Find(identifier);
        return new Wire.Hazard
        {
            Reason = reason,
            Explanation = known is not null && string.Equals(known.Reason, reason, StringComparison.Ordinal)
                ? known.Explanation
                : "The identifier means nothing by itself; the catalogue that said so has changed since.",
        };
    }

    /// <summary>Another own claim in short.</summary>
    public static Wire.OwnClaim Short(Claim claim) => new() { Claim = claim.Id.ToString(), CaseReference = claim.Case };

    /// <summary>A moment as the protocol has it.</summary>
    public static Timestamp Time(DateTimeOffset at) => Timestamp.FromDateTimeOffset(at);

    private static Wire.ClaimState StateOf(Claim claim) => claim.EndReason switch
    {
        EndReason.Released => Wire.ClaimState.Released,
        EndReason.Expired => Wire.ClaimState.Expired,
        _ => Wire.ClaimState.Live,
    };
}

/// <summary>Etags (AIP-154): opaque to callers, a claim's revision here.</summary>
internal static class Etags
{
    public static string Of(Claim claim) => $"\"r{claim.Revision}\"";

    /// <summary>The revision; nothing for an empty etag. An etag that is none of ours is of no revision.</summary>
    public static int? Read(string etag)
    {
        if (etag.Length == 0)
        {
            return null;
        }

        return etag is ['"', 'r', .. var digits, '"']
            && int.TryParse(digits, System.Globalization.NumberStyles.None, provider: null, out var revision)
            ? revision
            : 0;
    }
}

/// <summary>Crowds: the domain's band as the protocol's two numbers.</summary>
internal static class Crowds
{
    public static Wire.Crowd? Read(string? band)
    {
        if (band is null)
        {
            return null;
        }

        var dash = band.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            ? new Wire.Crowd { AtLeast = uint.Parse(band.AsSpan(0, dash)), AtMost = uint.Parse(band.AsSpan(dash + 1)) }
            : new Wire.Crowd { AtLeast = uint.Parse(band.AsSpan().TrimEnd('+')) };
    }
}
