using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Agencies;

/// <summary>
/// The agencies of the ledger in memory: an immutable picture, replaced as a whole. Who asks gets one picture or the next, never a mixture
/// and never a wait. Changes go one at a time through the ledger, and then into the picture.
/// </summary>
public sealed class AgencyDirectory : IAgencyDirectory, IDisposable
{
    // Stands for certificates of an outside authority, which are not in the directory: they fall with their agency only.
    private const string AnyOther = "";

    // Certificates of agencies that are not known here make it read again, so often at most.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(250);

    private readonly ILedger _ledger;
    private readonly IActors _actors;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly ConcurrentDictionary<(AgencyId Agency, string Certificate), CancellationTokenSource> _revocations = new();
    private readonly SharedRead _reading;
    private readonly Action _changed;
    private readonly Func<AgencyId, CancellationToken, Task<IAsyncDisposable>>? _enter;
    private volatile Picture _picture = new(FrozenDictionary<AgencyId, AgencyRecord>.Empty, []);

    /// <summary>A directory that is empty until it is first refreshed.</summary>
    /// <param name="ledger">Where the agencies are.</param>
    /// <param name="actors">Who is nudged for an alert.</param>
    /// <param name="time">Spaces what strangers make it read.</param>
    /// <param name="logging">Where it logs.</param>
    /// <param name="changed">Told of each change made here, so that other processes of the same store read again; must not wait or throw.</param>
    /// <param name="enter">
    /// Lets one process of the same store at a time through adding an agency of an id, until what it gave is disposed of; nothing where this
    /// process has its store alone.
    /// </param>
    public AgencyDirectory(
        ILedger ledger, IActors actors, TimeProvider time, ILoggerFactory logging, Action? changed = null,
        Func<AgencyId, CancellationToken, Task<IAsyncDisposable>>? enter = null)
    {
        _enter = enter;
        _reading = new SharedRead(RefreshAsync, s_apart, time);
        _changed = changed ?? (static () => { });
        _ledger = ledger;
        _actors = actors;
        _logger = logging.CreateLogger("Deconfliction.Grid.Agencies");
    }

    /// <inheritdoc/>
    public IReadOnlyList<AgencyRecord> All => _picture.InOrder;

    /// <inheritdoc/>
    public AgencyRecord? Find(AgencyId id) => _picture.ById.GetValueOrDefault(id);

    /// <inheritdoc/>
    public CancellationToken RevocationOf(AgencyId id, string certificate)
    {
        var key = (id, Find(id)?.Certificates.Any(one => one.Serial == certificate) == true ? certificate : AnyOther);
        if (IsRevoked(_picture, key))
        {
            return new CancellationToken(canceled: true);
        }

        var source = _revocations.GetOrAdd(key, static _ => new CancellationTokenSource());

        // Looked at again: a revocation that came in between has not seen this source.
        return IsRevoked(_picture, key) ? new CancellationToken(canceled: true) : source.Token;
    }

    /// <inheritdoc/>
    public async Task<bool> AddAsync(AgencyRecord agency, RequestContext request, CancellationToken cancellationToken)
    {
        // Certificates and revocations add up, whoever saves them; an id goes to one of those that ask for it at once.
        await using var alone = _enter is null ? null : await _enter(agency.Id, cancellationToken);
        using var turn = await ChangeAsync(cancellationToken);
        var isTaken = agency.Id == GridItself.Agency || Find(agency.Id) is not null;
        var draft = Draft(request, Operation.CreateAgency, isTaken ? RecordedResult.AlreadyExists : RecordedResult.Done, agency.Id);
        var outcome = isTaken
            ? await _ledger.RecordAsync(draft, request.Lane, cancellationToken)
            : await _ledger.SaveAgencyAsync(agency, [], draft, cancellationToken);
        var original = Recorder.Original(outcome, draft);
        await RefreshPictureAsync(cancellationToken);
        _changed();
        return IsDone(original?.Result ?? draft.Result);
    }

    /// <inheritdoc/>
    public async Task<bool> AddCertificateAsync(
        AgencyId id, CertificateRecord certificate, RequestContext request, CancellationToken cancellationToken)
    {
        using var turn = await ChangeAsync(cancellationToken);
        var agency = Find(id);
        var result = agency switch { null => RecordedResult.NotFound, { IsRevoked: true } => RecordedResult.Revoked, _ => RecordedResult.Done };
        var draft = Draft(request, Operation.RenewCertificate, result, id);
        var notice = Notice(id, certificate, request);
        var outcome = IsDone(result)
            ? await _ledger.SaveAgencyAsync(agency! with { Certificates = [.. agency.Certificates, certificate] }, notice, draft, cancellationToken)
            : await _ledger.RecordAsync(draft, request.Lane, cancellationToken);
        var original = Recorder.Original(outcome, draft);
        if (notice.Count > 0)
        {
            _actors.Nudge(id);
        }

        await RefreshPictureAsync(cancellationToken);
        _changed();
        return IsDone(original?.Result ?? draft.Result);
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeAsync(AgencyId id, RequestContext request, CancellationToken cancellationToken)
    {
        using var turn = await ChangeAsync(cancellationToken);
        var agency = Find(id);
        var draft = Draft(request, Operation.RevokeAgency, agency is null ? RecordedResult.NotFound : RecordedResult.Done, id);
        var outcome = agency is null
            ? await _ledger.RecordAsync(draft, request.Lane, cancellationToken)
            : await _ledger.SaveAgencyAsync(Revoked(agency), [], draft, cancellationToken);
        var original = Recorder.Original(outcome, draft);
        await RefreshPictureAsync(cancellationToken);
        _changed();
        return IsDone(original?.Result ?? draft.Result);
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using var turn = await ChangeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _reading.JoinAsync(cancellationToken);

    /// <summary>
    /// Tells an agency that a certificate ends soon. Once a certificate, whoever does it and how often: the record's request id follows
    /// from the serial number, and the alert commits with the record.
    /// </summary>
    internal async Task AnnounceExpiryAsync(
        AgencyId id, string serial, IIdSource ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var turn = await ChangeAsync(cancellationToken);
        if (Find(id) is not { } agency || agency.Certificates.FirstOrDefault(one => one.Serial == serial) is not { } certificate)
        {
            return;
        }

        var draft = Recorder.Draft(GridItself.Request, Operation.Sweep) with
        {
            RequestId = DerivedId.Of("certificate-expiring", $"{id}/{serial}"),
            PayloadHash = SHA256.HashData(Encoding.UTF8.GetBytes(serial)),
            Result = $"{RecordedResult.Done} {id}",
        };
        var alert = new Alert
        {
            Id = ids.Next(now), To = id, Kind = AlertKind.CertificateExpiring, Note = serial, CreatedAt = now,
        };
        var told = agency with
        {
            Certificates = [.. agency.Certificates.Select(one => one == certificate ? one with { ExpiryAnnounced = true } : one)],
        };
        _ = Recorder.Original(await _ledger.SaveAgencyAsync(told, [alert], draft, cancellationToken), draft);
        _actors.Nudge(id);
        _logger.CertificateNotice(id.Value, certificate.NotAfter);
        await RefreshPictureAsync(cancellationToken);
        _changed();
    }

    /// <inheritdoc/>
    public void Dispose() => _changes.Dispose();

    private static AuditDraft Draft(RequestContext request, Operation operation, string result, AgencyId about) =>
        Recorder.Draft(request, operation) with { Result = $"{result} {about}" };

    // Whoever holds a certificate of an agency is that agency; so it is told of one that another agency had issued for it.
    private List<Alert> Notice(AgencyId id, CertificateRecord certificate, RequestContext request) =>
        request.Caller.Agency == id || request.Caller.Agency == GridItself.Agency
            ? []
            : [new Alert
            {
                Id = Guid.CreateVersion7(_ledger.Now), To = id, Kind = AlertKind.CertificateIssued, Note = certificate.Serial,
                CreatedAt = _ledger.Now,
            }];

    private static bool IsDone(string result) => result.StartsWith(RecordedResult.Done, StringComparison.Ordinal);

    private static AgencyRecord Revoked(AgencyRecord agency) => agency with
    {
        IsRevoked = true,
        Certificates = [.. agency.Certificates.Select(static one => one with { IsRevoked = true })],
    };

    private static bool IsRevoked(Picture picture, (AgencyId Agency, string Certificate) key) =>
        picture.ById.GetValueOrDefault(key.Agency) is not { IsRevoked: false } agency
        || agency.Certificates.Any(one => one.Serial == key.Certificate && one.IsRevoked);

    // Read anew: a change that committed and whose answer was lost, or that was made elsewhere, is not in the picture yet, and what
    // is saved over it as a whole would take it back (a revocation, say).
    private async Task<Turn> ChangeAsync(CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        var turn = new Turn(_changes);
        try
        {
            await RefreshPictureAsync(cancellationToken);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private async Task RefreshPictureAsync(CancellationToken cancellationToken)
    {
        var all = await _ledger.ListAgenciesAsync(cancellationToken);
        var picture = new Picture(all.ToFrozenDictionary(static one => one.Id), [.. all.OrderBy(static one => one.Id)]);
        _picture = picture;
        foreach (var (key, source) in _revocations)
        {
            if (IsRevoked(picture, key) && _revocations.TryRemove(key, out _))
            {
                _logger.AgencyRevoked(key.Agency.Value);
                await source.CancelAsync();
            }
        }
    }

    private sealed record Picture(FrozenDictionary<AgencyId, AgencyRecord> ById, IReadOnlyList<AgencyRecord> InOrder);

    private readonly struct Turn(SemaphoreSlim changes) : IDisposable
    {
        public void Dispose() => changes.Release();
    }
}
