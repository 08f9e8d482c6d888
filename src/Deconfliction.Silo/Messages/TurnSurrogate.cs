using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;
using RequestContext = Deconfliction.Grid.RequestContext;

namespace Deconfliction.Silo.Messages;

/// <summary>A turn on the wire: who asks, which kind of question, and what that kind needs. What a kind does not need is left empty.</summary>
[GenerateSerializer]
[Alias("deconfliction.turn")]
public struct TurnSurrogate
{
    [Id(0)] public string Agency;
    [Id(1)] public int Role;
    [Id(2)] public string Certificate;
    [Id(3)] public string RequestedBy;
    [Id(4)] public Guid? RequestId;
    [Id(5)] public byte[] PayloadHash;
    [Id(6)] public int Lane;
    [Id(7)] public int Kind;

    /// <summary>The claim, or the overlap.</summary>
    [Id(8)] public Guid Subject;
    [Id(9)] public Claim? Draft;
    [Id(10)] public TimeSpan? Lifetime;
    [Id(11)] public string? Hazard;
    [Id(12)] public string? Case;
    [Id(13)] public string? Purpose;
    [Id(14)] public Window? Window;
    [Id(15)] public int? Port;
    [Id(16)] public int? ExpectedRevision;
    [Id(17)] public int? Priority;
    [Id(18)] public int? Handling;
    [Id(19)] public int? Disclosure;
    [Id(20)] public byte[]? Sealed;
    [Id(21)] public int Action;
    [Id(22)] public int Outcome;

    /// <summary>What the identifier is, by its stored number; nothing from a silo that does not say it.</summary>
    [Id(23)] public int? IdentifierKind;
}

[RegisterConverter]
internal sealed class TurnConverter : IConverter<Turn, TurnSurrogate>
{
    public Turn ConvertFromSurrogate(in TurnSurrogate surrogate) => new(
        QuestionWire.Read(surrogate),
        new RequestContext(
            new Caller(AgencyId.Parse(surrogate.Agency), (AgencyRole)surrogate.Role, surrogate.Certificate),
            surrogate.RequestedBy,
            surrogate.RequestId,
            surrogate.PayloadHash,
            (Lane)surrogate.Lane));

    public TurnSurrogate ConvertToSurrogate(in Turn value)
    {
        var request = value.Request;
        var surrogate = new TurnSurrogate
        {
            Agency = request.Caller.Agency.Value,
            Role = (int)request.Caller.Role,
            Certificate = request.Caller.Certificate,
            RequestedBy = request.RequestedBy,
            RequestId = request.RequestId,
            PayloadHash = WireBytes.Of(request.PayloadHash),
            Lane = (int)request.Lane,
        };
        QuestionWire.Write(value.Question, ref surrogate);
        return surrogate;
    }
}
