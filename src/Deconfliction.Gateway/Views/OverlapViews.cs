using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid;
using Wire = Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Views;

/// <summary>Shows what one side may see of the other: the pointer and nothing else. What a visibility allows is said here once.</summary>
internal sealed class OverlapViews(ClaimViews claims)
{
    /// <summary>An overlap as it was read.</summary>
    public Wire.OverlapPointer Of(VisibleOverlap visible) =>
        Of(visible.Pointer, visible.Own, claims.Open(visible.Own), visible.Overlap);

    /// <summary>An overlap as the answer to an action on it has it; nothing where the asker sees it no more.</summary>
    public Wire.OverlapPointer? Of(Answer answer, AgencyId viewer) =>
        answer is { Overlap: { } view, Pointers: [var pointer, ..] } && view.OwnOf(viewer) is { } own
            ? Of(pointer, own, claims.Open(own), view.Overlap)
            : null;

    /// <summary>A pointer of a claim's answer.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <param name="own">The viewer's claim.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="overlap">The overlap as it stands; nothing for one that the claim has just made.</param>
    public Wire.OverlapPointer Of(Pointer pointer, Claim own, SealedContent content, Overlap? overlap)
    {
        var view = new Wire.OverlapPointer
        {
            Overlap = pointer.OverlapId.ToString(),
            Claim = own.Id.ToString(),
            Kind = IdentifierKinds.Name(content.Identifier.Kind),
            Identifier = content.Identifier.Canonical,
            CaseReference = own.Case,
            Visibility = EnumMaps.ToWire(pointer.Visibility),
            Strength = EnumMaps.ToWire(overlap?.Strength ?? Strength.Exact),
            State = StateOf(overlap, own.Id),
            AcknowledgedByMe = overlap?.SideOf(own.Id).AcknowledgedAt is not null,
            Outcome = EnumMaps.ToWire(overlap?.Outcome ?? Outcome.None),
            WindowAssumed = pointer.WindowAssumed,
            FoundTime = ClaimViews.Time(overlap?.FoundAt ?? own.CreatedAt),
        };
        if (pointer.Visibility >= Visibility.Contact)
        {
            var other = pointer.Other;
            view.OtherAgency = other.Agency.Value;
            view.OtherAgencyName = claims.NameOf(other.Agency);
            view.OtherContact = claims.ContactOf(other, claims.Open(other));
            view.OtherHandling = EnumMaps.ToWire(other.Handling);
            view.AcknowledgedByOther = overlap?.SideOf(other.Id).AcknowledgedAt is not null;
        }

        if (pointer.Visibility >= Visibility.Open)
        {
            view.OtherCase = pointer.Other.Case;
        }

        return view;
    }

    /// <summary>A hit of a check.</summary>
    public Wire.CheckHit Hit(Pointer pointer)
    {
        var view = new Wire.CheckHit
        {
            Visibility = EnumMaps.ToWire(pointer.Visibility),
            Strength = Wire.Strength.Exact,
            WindowAssumed = pointer.WindowAssumed,
        };
        if (pointer.Visibility >= Visibility.Contact)
        {
            view.Agency = pointer.Other.Agency.Value;
            view.AgencyName = claims.NameOf(pointer.Other.Agency);
            view.Contact = claims.ContactOf(pointer.Other, claims.Open(pointer.Other));
            view.Handling = EnumMaps.ToWire(pointer.Other.Handling);
        }

        if (pointer.Visibility >= Visibility.Open)
        {
            view.CaseReference = pointer.Other.Case;
        }

        return view;
    }

    /// <summary>What an answer's pointers do and do not prove.</summary>
    public static Wire.DisclosureNotice Notice(int pointers) =>
        pointers > 0 ? Wire.DisclosureNotice.OverlapsDisclosed : Wire.DisclosureNotice.NothingToDisclose;

    public static Wire.OverlapState StateOf(Overlap? overlap, Guid ownClaim) => overlap switch
    {
        null => Wire.OverlapState.New,
        { Outcome: not Outcome.None } => Wire.OverlapState.Resolved,
        _ => overlap.SideOf(ownClaim).AcknowledgedAt is null ? Wire.OverlapState.New : Wire.OverlapState.Acknowledged,
    };
}
