using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;
using D = Deconfliction.Protocol.V1.Disclosure;

namespace Deconfliction.Contract.Disclosing;

/// <summary>
/// Rule 2 over the wire: whatever the disclosures of two claims and the roles of their owners, each side's answer, list, count and
/// feed say the same, and no more than the table allows.
/// </summary>
public abstract class DisclosureMatrixContract(SharedGrid shared)
{
    private const string Nothing = "nothing";

    [Theory]
    [InlineData(D.Open, D.Open, "OPEN", "OPEN")]
    [InlineData(D.Open, D.Masked, "MASKED", "OPEN")]
    [InlineData(D.Open, D.Silent, Nothing, "OPEN")]
    [InlineData(D.Masked, D.Open, "OPEN", "MASKED")]
    [InlineData(D.Masked, D.Masked, "MASKED", "MASKED")]
    [InlineData(D.Masked, D.Silent, Nothing, "MASKED")]
    [InlineData(D.Silent, D.Open, "OPEN", Nothing)]
    [InlineData(D.Silent, D.Masked, "MASKED", Nothing)]
    [InlineData(D.Silent, D.Silent, "MASKED", "MASKED")]
    public async Task TwoClaimsMeet_EveryRole_EachSeesWhatTheTableSays(D first, D second, string firstSees, string secondSees)
    {
        var grid = await MatrixMembers.OfAsync(shared);
        foreach (var firstRole in MatrixMembers.Roles)
        {
            foreach (var secondRole in MatrixMembers.Roles)
            {
                var cell = new Cell($"{first}-{second}-{firstRole}-{secondRole}".ToLowerInvariant());
                await cell.RunAsync(
                    new Side(grid[firstRole, 'x'], first, IsEntitled(firstRole) ? firstSees : Nothing),
                    new Side(grid[secondRole, 'y'], second, IsEntitled(secondRole) ? secondSees : Nothing),
                    grid.Checker);
            }
        }

        // Who may learn nothing of others has nothing waiting either, numbered or not.
        foreach (var member in MatrixMembers.Roles.Where(static role => !IsEntitled(role)).SelectMany(role => (Member[])[grid[role, 'x'], grid[role, 'y']]))
        {
            Assert.Equal(0, await shared.Grid.CountAsync($"alert WHERE to_agency = '{member.Agency}'"));
        }
    }

    [Theory]
    [InlineData("HOTLINE")]
    [InlineData("INDUSTRY")]
    public async Task Check_ByReferrer_IsRefused(string role) =>
        await AssertRefusedAsync((await MatrixMembers.OfAsync(shared))[role, 'x'], Check);

    [Fact]
    public async Task ClaimAndCheckAndList_ByOperatorOrAuditor_AreRefused()
    {
        foreach (var member in new[] { shared.Grid.OperatorMember, shared.Auditor })
        {
            await AssertRefusedAsync(member, Check);
            await AssertRefusedAsync(member, client => client.Claims.CreateAsync(Requests.Claim("role@example.org", "R-1"), CancellationToken.None));
            await AssertRefusedAsync(member, async client => await client.Claims.ListAsync(new ListClaimsRequest(), CancellationToken.None).AnyAsync());
            await AssertRefusedAsync(member, async client => await client.Overlaps.ListAsync(new ListOverlapsRequest(), CancellationToken.None).AnyAsync());
        }
    }

    private static bool IsEntitled(string role) => role is "LAW_ENFORCEMENT" or "INTERNATIONAL_BODY";

    private static Task Check(GridClient client) => client.Checks.CheckAsync(Requests.Check("role@example.org"), CancellationToken.None);

    private static async Task AssertRefusedAsync(Member member, Func<GridClient, Task> ask)
    {
        var problem = await Assert.ThrowsAsync<GridException>(() => ask(member.Client));
        Assert.Equal("PERMISSION_DENIED", problem.Error.Status);
    }

    private sealed record Side(Member Member, D Disclosure, string Sees)
    {
        public string Case => $"case-of-{Member.Agency}";
    }

    /// <summary>One identifier, two claims, one check.</summary>
    private sealed class Cell(string name)
    {
        private readonly string _value = $"{name}@example.org";

        public async Task RunAsync(Side first, Side second, Member checker)
        {
            var one = await ClaimAsync(first);
            Assert.Equal(DisclosureNotice.NothingToDisclose, one.DisclosureNotice);
            var two = await ClaimAsync(second);

            AssertSees(second.Sees, two.Overlaps, second, first, two.Claim.Claim_);
            Assert.Equal(second.Sees == Nothing ? DisclosureNotice.NothingToDisclose : DisclosureNotice.OverlapsDisclosed, two.DisclosureNotice);
            var listed = await ListAsync(second, two);
            AssertSees(second.Sees, listed, second, first, two.Claim.Claim_);
            AssertSees(first.Sees, await ListAsync(first, one), first, second, one.Claim.Claim_);
            await AssertAlertsAsync(first, second, one.Claim.Claim_);
            await AssertAlertsAsync(second, first, two.Claim.Claim_);
            await AssertHiddenIsMissingAsync(first, second, one, two);
            await AssertCheckAsync(checker, first, second);
            await AssertNothingElseAsync(first, one.Claim.Claim_);
            await AssertNothingElseAsync(second, two.Claim.Claim_);
        }

        // The alert of the check lies in the feed behind whatever the claims gave: what is not there now will not come.
        private static async Task AssertNothingElseAsync(Side side, string claim)
        {
            if (IsEntitled(RoleOf(side)))
            {
                var alerts = (await side.Member.ReadFeedAsync()).Where(alert => alert.Claim == claim).Select(static alert => alert.AlertKind);
                AlertKind[] expected = side.Sees == Nothing ? [AlertKind.ClaimChecked] : [AlertKind.OverlapFound, AlertKind.ClaimChecked];
                Assert.Equal(expected, alerts);
            }
        }

        private Task<CreateClaimResponse> ClaimAsync(Side side) =>
            side.Member.Client.Claims.CreateAsync(Requests.Claim(_value, side.Case, side.Disclosure), CancellationToken.None);

        // Referrers learn nothing of others: they may not even ask.
        private static async Task<IReadOnlyList<OverlapPointer>> ListAsync(Side side, CreateClaimResponse made)
        {
            var list = side.Member.Client.Overlaps.ListAsync(new ListOverlapsRequest { Claim = made.Claim.Claim_ }, CancellationToken.None);
            if (IsEntitled(RoleOf(side)))
            {
                return await list.ToListAsync();
            }

            var problem = await Assert.ThrowsAsync<GridException>(async () => await list.ToListAsync());
            Assert.Equal("PERMISSION_DENIED", problem.Error.Status);
            return [];
        }

        private void AssertSees(string sees, IReadOnlyList<OverlapPointer> shown, Side viewer, Side other, string ownClaim)
        {
            if (sees == Nothing)
            {
                Assert.Empty(shown);
                return;
            }

            var pointer = Assert.Single(shown);
            Assert.Equal(sees, pointer.Visibility.ToString().ToUpperInvariant());
            Assert.Equal(ownClaim, pointer.Claim);
            Assert.Equal(_value, pointer.Identifier);
            Assert.Equal(viewer.Case, pointer.CaseReference);
            Assert.Equal(sees == "OPEN" ? other.Member.Agency : "", pointer.OtherAgency);
            Assert.Equal(sees == "OPEN" ? other.Case : "", pointer.OtherCase);
            Assert.Equal(sees == "OPEN" ? $"desk@{other.Member.Agency}.example" : "", pointer.OtherContact);
            Assert.Equal(sees == "OPEN" ? other.Member.Agency.ToUpperInvariant() : "", pointer.OtherAgencyName);
            Assert.DoesNotContain(other.Member.Agency, sees == "OPEN" ? "" : pointer.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        private async Task AssertAlertsAsync(Side side, Side other, string claim)
        {
            var expected = side.Sees == Nothing ? 0 : 1;
            IReadOnlyList<Alert> alerts = [];
            await Waiting.UntilAsync($"{side.Member.Agency} has its alert of {_value}", TimeSpan.FromSeconds(10), async () =>
                (alerts = [.. (await side.Member.ReadFeedAsync()).Where(alert => alert.Claim == claim)]).Count >= expected);
            Assert.Equal(expected, alerts.Count);
            if (expected > 0)
            {
                Assert.Equal(AlertKind.OverlapFound, alerts[0].AlertKind);
                AssertSees(side.Sees, [alerts[0].Overlap], side, other, claim);
            }
        }

        // The number of an overlap that one may not see answers like a number that there is not.
        private static async Task AssertHiddenIsMissingAsync(Side first, Side second, CreateClaimResponse one, CreateClaimResponse two)
        {
            foreach (var (hidden, seen, made) in new[] { (first, second, two), (second, first, one) })
            {
                if (hidden.Sees != Nothing || seen.Sees == Nothing || !IsEntitled(RoleOf(seen)))
                {
                    continue;
                }

                var overlap = (await ListAsync(seen, made))[0].Overlap;
                var forHidden = await Assert.ThrowsAsync<GridException>(() => hidden.Member.Client.Overlaps.GetAsync(overlap, CancellationToken.None));
                var forNobody = await Assert.ThrowsAsync<GridException>(
                    () => hidden.Member.Client.Overlaps.GetAsync(Guid.CreateVersion7().ToString(), CancellationToken.None));
                Assert.Equal(forNobody.Error, forHidden.Error);
            }
        }

        private async Task AssertCheckAsync(Member checker, Side first, Side second)
        {
            var answer = await checker.Client.Checks.CheckAsync(Requests.Check(_value), CancellationToken.None);
            var expected = new[] { first, second }.Where(side => side.Disclosure != D.Silent)
                .Select(side => side.Disclosure == D.Open ? ("OPEN", side.Member.Agency, side.Case) : ("MASKED", "", "")).Order();
            Assert.Equal(expected, answer.Hits.Select(hit => (hit.Visibility.ToString().ToUpperInvariant(), hit.Agency, hit.CaseReference)).Order());
            Assert.Equal(
                answer.Hits.Count == 0 ? DisclosureNotice.NothingToDisclose : DisclosureNotice.OverlapsDisclosed, answer.DisclosureNotice);
            foreach (var side in new[] { first, second })
            {
                // There is no silent check: every owner who may learn of others is told.
                var expectedAlerts = IsEntitled(RoleOf(side)) ? 1 : 0;
                await Waiting.UntilAsync($"{side.Member.Agency} knows of the check", TimeSpan.FromSeconds(10), async () =>
                    (await side.Member.ReadFeedAsync()).Count(alert => alert.AlertKind == AlertKind.ClaimChecked && alert.Identifier == _value) == expectedAlerts);
            }
        }

        private static string RoleOf(Side side) => side.Member.Agency[..^2].Replace('-', '_').ToUpperInvariant();
    }
}
