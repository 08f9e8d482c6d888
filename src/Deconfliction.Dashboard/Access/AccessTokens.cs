using System.Text.Json;
using Deconfliction.Ledger;

namespace Deconfliction.Dashboard.Access;

/// <summary>A named secret with a role. Of the secret the hash alone is kept.</summary>
public sealed record AccessToken(string Name, AccessRole Role, string Hash, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>
/// The named tokens: kept in the store, held in memory, so that somebody can sign in while the store does not answer. A node reads them
/// again after ten seconds: a token that another node revoked is good no longer than that.
/// </summary>
internal sealed class AccessTokens(ILedger ledger, DashboardOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How many there may be.</summary>
    public const int Most = 100;

    private const string Setting = "ops/tokens";
    private const int Attempts = 5;
    // No name that can be given to a token has a space.
    private const string FileName = "token file";
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly AccessToken? _ofFile = options.Token is { } secret
        ? new AccessToken(FileName, AccessRole.Viewer, Secret.HashOf(secret), time.GetUtcNow(), FileName) : null;
    private IReadOnlyList<AccessToken> _tokens = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<AccessToken> All => Volatile.Read(ref _tokens);

    /// <summary>The token with a secret.</summary>
    public AccessToken? Find(string secret) => All.FirstOrDefault(token => Secret.Matches(secret, token.Hash))
        ?? (_ofFile is { } file && Secret.Matches(secret, file.Hash) ? file : null);

    /// <summary>Whether a token of that name is there.</summary>
    public bool Has(string name) => All.Any(token => token.Name == name) || _ofFile?.Name == name;

    /// <summary>Reads them again where they were not read lately. Where the store does not answer, those known stay.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _readAt < s_fresh || !await _turn.WaitAsync(0, cancellationToken))
        {
            return;
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await ReadAsync(either.Token);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested
            && problem is LedgerUnavailableException or LedgerOverloadedException or OutcomeUnknownException or OperationCanceledException)
        {
            // The page says itself that the store does not answer.
            _readAt = time.GetUtcNow();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes a token; answers with its secret, which is told this once. Nothing where the name is taken or there are too many.</summary>
    public async Task<string?> AddAsync(string name, AccessRole role, string by, CancellationToken cancellationToken)
    {
        var secret = Secret.Create();
        var token = new AccessToken(name, role, Secret.HashOf(secret), time.GetUtcNow(), by);
        return await ChangeAsync(
            tokens => tokens.Count >= Most || tokens.Any(one => one.Name == name) ? null : [.. tokens, token], cancellationToken) ? secret : null;
    }

    /// <summary>Revokes a token, and with it the sessions that came with it. False where there is none.</summary>
    public Task<bool> RevokeAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        tokens => tokens.Any(one => one.Name == name) ? [.. tokens.Where(one => one.Name != name)] : null, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<bool> ChangeAsync(Func<IReadOnlyList<AccessToken>, IReadOnlyList<AccessToken>?> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Another node may change them meanwhile, and nothing of either is to be lost: a token that it revoked would be good again.
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var stored = await ReadAsync(cancellationToken);
                if (change(_tokens) is not { } changed)
                {
                    return false;
                }

                IReadOnlyList<AccessToken> ordered = [.. changed.OrderBy(token => token.Name, StringComparer.Ordinal)];
                if (await ledger.ReplaceSettingAsync(Setting, stored, JsonSerializer.Serialize(ordered), cancellationToken))
                {
                    Volatile.Write(ref _tokens, ordered);
                    return true;
                }
            }

            throw new LedgerUnavailableException("Other nodes change the tokens all the time; nothing was written.");
        }
        catch (OutcomeUnknownException)
        {
            // What stands now is known by reading it.
            _readAt = DateTimeOffset.MinValue;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await ledger.ReadSettingAsync(Setting, cancellationToken);
        Volatile.Write(ref _tokens, stored is null ? [] : JsonSerializer.Deserialize<List<AccessToken>>(stored) ?? []);
        _readAt = time.GetUtcNow();
        return stored;
    }
}
