using System.Net;
using Deconfliction.Dashboard.Text;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Access;

/// <summary>
/// What is done with tokens stands in the log of operations as asked for and as what came of it, and the page says the same: on two nodes of one
/// store, and where the database is lost at any point.
/// </summary>
public sealed class TokenActionTests : IAsyncLifetime
{
    private static readonly TimeSpan s_refreshed = TimeSpan.FromSeconds(11);
    private readonly TemporaryFolder _folder = new();

    // It stands, so that a node does not read the tokens again until a test lets time pass.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private ILedger _store = null!;
    private LosableLedger _losing = null!;
    private PagesNode _here = null!;
    private PagesNode _there = null!;

    [Fact]
    public async Task Make_OfANameThatAnotherNodeHasGiven_IsRefusedAndRecordedSo()
    {
        var (_, made) = await _there.MakeAsync("shared");
        Assert.NotNull(PagesNode.SecretOn(made));

        var (status, page) = await _here.MakeAsync("shared");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("That name is taken", page, StringComparison.Ordinal);
        Assert.Null(PagesNode.SecretOn(page));
        Assert.Equal(["ASKED", "DONE", "ASKED", "NAME_TAKEN"], await _here.LogAsync("shared"));
        // Where it is known to be taken there is nothing to ask for.
        Assert.Equal(HttpStatusCode.Conflict, (await _here.MakeAsync("shared")).Status);
        Assert.Equal(4, (await _here.LogAsync("shared")).Count);
        Assert.True(await _here.OpensAsync(PagesNode.SecretOn(made)!));
    }

    [Fact]
    public async Task Revoke_OfATokenThatAnotherNodeHasRevoked_SaysSoAndIsRecordedSo()
    {
        await _here.MakeAsync("gone");
        _time.Advance(s_refreshed);
        Assert.Contains("Revoke gone", await _there.ReadAsync("/access"), StringComparison.Ordinal);
        await _here.ReadAsync("/access");
        Assert.Equal(HttpStatusCode.SeeOther, (await _there.RevokeAsync("gone")).Status);

        var (status, page) = await _here.RevokeAsync("gone");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains(Language.English["unknown.text"], page, StringComparison.Ordinal);
        Assert.Equal(["ASKED", "DONE", "ASKED", "DONE", "ASKED", "UNKNOWN_TOKEN"], await _here.LogAsync("gone"));
        Assert.Equal(HttpStatusCode.NotFound, (await _here.RevokeAsync("never-there")).Status);
        Assert.Empty(await _here.LogAsync("never-there"));
    }

    [Fact]
    public async Task Changes_OfTwoNodesAtOnce_LoseNothing()
    {
        var revoked = PagesNode.SecretOn((await _here.MakeAsync("revoked")).Page)!;
        _time.Advance(s_refreshed);
        await _there.ReadAsync("/access");
        // While one node writes a new token, the other one has revoked another since it read.
        var isOnce = false;
        _losing.Loses = (method, _) =>
        {
            if (!isOnce && method is nameof(ILedger.ReplaceSettingAsync) or nameof(ILedger.WriteSettingAsync))
            {
                isOnce = true;
                Assert.Equal(HttpStatusCode.SeeOther, _there.RevokeAsync("revoked").GetAwaiter().GetResult().Status);
            }

            return Loss.None;
        };
        var made = PagesNode.SecretOn((await _here.MakeAsync("made")).Page)!;
        Assert.True(isOnce);
        _time.Advance(s_refreshed);
        Assert.False(await _here.OpensAsync(revoked));
        Assert.True(await _here.OpensAsync(made));
        Assert.True(await _there.OpensAsync(made));
    }

    [Theory]
    [InlineData(Loss.Before)]
    [InlineData(Loss.During)]
    public async Task Make_WhereItsAskingCannotBeRecorded_IsNotDone(Loss loss)
    {
        _losing.Loses = (method, arguments) => Is(method, arguments, "ASKED unasked") ? loss : Loss.None;
        var (status, page) = await _here.MakeAsync("unasked");
        AssertUndone(status, page);
        Assert.Equal(loss == Loss.During ? ["NOT_DONE"] : [], await _here.LogAsync("unasked"));
        Assert.DoesNotContain("unasked", await _there.ReadAsync("/access"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ILedger.ReadSettingAsync))]
    [InlineData(nameof(ILedger.ReplaceSettingAsync))]
    public async Task Make_WhereTheDatabaseIsLostAfterItWasAsked_SaysThatItWasNotDone(string at)
    {
        _losing.Loses = (method, _) => method == at ? Loss.Before : Loss.None;
        var (status, page) = await _here.MakeAsync("undone");
        AssertUndone(status, page);
        Assert.Equal(["ASKED", "NOT_DONE"], await _here.LogAsync("undone"));

        _losing.Loses = static (_, _) => Loss.None;
        Assert.NotNull(PagesNode.SecretOn((await _here.MakeAsync("undone")).Page));
        Assert.Equal(["ASKED", "NOT_DONE", "ASKED", "DONE"], await _here.LogAsync("undone"));
    }

    [Theory]
    [InlineData(Loss.During, false)]
    [InlineData(Loss.After, true)]
    public async Task Make_WhereTheAnswerIsLost_SaysThatItIsNotKnownAndShowsWhatIs(Loss loss, bool isThere)
    {
        _losing.Loses = (method, _) => method == nameof(ILedger.ReplaceSettingAsync) ? loss : Loss.None;
        var (status, page) = await _here.MakeAsync("unsure");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(Language.English["unsure.text"], page, StringComparison.Ordinal);
        Assert.Null(PagesNode.SecretOn(page));
        Assert.Equal(["ASKED", "OUTCOME_UNKNOWN"], await _here.LogAsync("unsure"));
        // The page that it sends to says what is, at once: the tokens are read again.
        Assert.Equal(isThere, (await _here.ReadAsync("/access")).Contains("Revoke unsure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Loss.During, true)]
    [InlineData(Loss.After, false)]
    public async Task Revoke_WhereTheAnswerIsLost_IsInForceIfItWasDone(Loss loss, bool isGood)
    {
        var secret = PagesNode.SecretOn((await _here.MakeAsync("leaver")).Page)!;
        _losing.Loses = (method, _) => method == nameof(ILedger.ReplaceSettingAsync) ? loss : Loss.None;
        var (status, page) = await _here.RevokeAsync("leaver");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(Language.English["unsure.text"], page, StringComparison.Ordinal);
        Assert.Equal(isGood, await _here.OpensAsync(secret));
        Assert.Equal(["ASKED", "DONE", "ASKED", "OUTCOME_UNKNOWN"], await _here.LogAsync("leaver"));
    }

    [Theory]
    [InlineData(Loss.Before)]
    [InlineData(Loss.During)]
    [InlineData(Loss.After)]
    public async Task Make_WhereTheDatabaseIsLostOnceItIsDone_TellsTheSecretAndIsRecordedOnceLater(Loss loss)
    {
        _losing.Loses = (method, arguments) => Is(method, arguments, "DONE done") ? loss : Loss.None;
        var (status, page) = await _here.MakeAsync("done");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(await _here.OpensAsync(PagesNode.SecretOn(page)!));
        Assert.Equal(loss == Loss.After ? ["ASKED", "DONE"] : ["ASKED"], await _there.LogAsync("done"));

        _losing.Loses = static (_, _) => Loss.None;
        await _here.ReadAsync("/access");
        Assert.Equal(["ASKED", "DONE"], await _there.LogAsync("done"));
    }

    public async Task InitializeAsync()
    {
        _store = await LedgerFactory.OpenSqliteAsync(_folder["ledger.db"], new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);
        (var ledger, _losing) = LosableLedger.Of(_store);
        _here = await PagesNode.StartAsync("here", ledger, _time);
        _there = await PagesNode.StartAsync("there", _store, _time);
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private static bool Is(string method, object?[] arguments, string result) =>
        method == nameof(ILedger.RecordAsync) && arguments[0] is AuditDraft draft && draft.Result == result;

    private static void AssertUndone(HttpStatusCode status, string page)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains(Language.English["undone.text"], page, StringComparison.Ordinal);
        Assert.Null(PagesNode.SecretOn(page));
    }
}
