using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Claims;

/// <summary><c>claims list|show|update|renew|release</c>.</summary>
internal static class ClaimsCommand
{
    public static Command Build(Runner runner) => new("claims", "Your agency's claims.")
    {
        List(runner), Show(runner), Update(runner), Renew(runner), Release(runner),
    };

    private static Command List(Runner runner)
    {
        var reference = Inputs.Text("--case", "Only claims of this case.", 128);
        var kind = new Option<string?>("--kind") { Description = "Only claims of this kind.", HelpName = "KIND" };
        var state = Inputs.Choice<ClaimState>("--state", "Only claims in this state");
        var limit = Inputs.Number("--limit", "Stop after so many.", "COUNT", 1, int.MaxValue);
        var command = new Command("list", "List claims.") { reference, kind, state, limit };
        return runner.Handle(command, (call, token) =>
        {
            var filter = new ListClaimsRequest { CaseReference = call.Value(reference) ?? "", Kind = call.Value(kind) ?? "", State = call.Value(state) };
            return Listing.ShowAsync(
                call.Screen, call.Grid.Claims.ListAsync(filter, token), ClaimRecord.Of, ClaimRecord.Columns, call.Value(limit), "There are no such claims.");
        });
    }

    private static Command Show(Runner runner)
    {
        var claim = Number();
        var command = new Command("show", "Show one claim.") { claim };
        return runner.Handle(command, async (call, token) => ClaimRecord.Of(await call.Grid.Claims.GetAsync(call.Value(claim), token)));
    }

    private static Command Update(Runner runner)
    {
        var (claim, etag) = (Number(), Etag());
        var contact = Inputs.Text("--contact", "Whom others should call.", 256);
        var legalBasis = Inputs.Text("--legal-basis", "The legal basis of the processing.", 256);
        var priority = Inputs.Choice<Priority>("--priority", "How urgent the work is");
        var disclosure = Inputs.Choice<Disclosure>("--disclosure", "What others see of it");
        var handling = Inputs.Choice<Handling>("--handling", "What may be done with what they see");
        Option[] changes = [contact, legalBasis, priority, disclosure, handling];
        var command = new Command("update", "Change a claim; what is not named stays.") { claim, etag };
        Array.ForEach(changes, command.Add);
        command.Validators.Add(result =>
        {
            if (!changes.Any(option => result.GetResult(option) is not null))
            {
                result.AddError($"Name what to change: {string.Join(", ", changes.Select(option => option.Name))}.");
            }
        });
        return runner.Handle(command, async (call, token) =>
        {
            var request = new UpdateClaimRequest { Claim = call.Value(claim), Etag = call.Value(etag) ?? "" };
            Set(call, contact, value => request.Contact = value);
            Set(call, legalBasis, value => request.LegalBasis = value);
            Set(call, priority, value => request.Priority = value);
            Set(call, disclosure, value => request.Disclosure = value);
            Set(call, handling, value => request.Handling = value);
            return ClaimRecord.Of(await call.Grid.Claims.UpdateAsync(request, token));
        });
    }

    private static Command Renew(Runner runner)
    {
        var (claim, etag) = (Number(), Etag());
        var expires = Inputs.Number("--expires", "How many days it lives from now (default: the server's, 180).", "DAYS", 1, ClaimAttributes.MostDays);
        var command = new Command("renew", "Move a live claim's expiry.") { claim, etag, expires };
        return runner.Handle(command, async (call, token) => ClaimRecord.Of(await call.Grid.Claims.RenewAsync(
            new RenewClaimRequest
            {
                Claim = call.Value(claim), Etag = call.Value(etag) ?? "", Lifetime = ClaimAttributes.Days(call.Value(expires)),
            },
            token)));
    }

    private static Command Release(Runner runner)
    {
        var (claim, etag) = (Number(), Etag());
        var command = new Command("release", "End a claim.") { claim, etag };
        return runner.Handle(command, async (call, token) => ClaimRecord.Of(await call.Grid.Claims.ReleaseAsync(
            new ReleaseClaimRequest { Claim = call.Value(claim), Etag = call.Value(etag) ?? "" }, token)));
    }

    private static void Set<T>(Call call, Option<T> option, Action<T> set)
    {
        if (call.Has(option))
        {
            set(call.Value(option)!);
        }
    }

    private static Argument<string> Number() => Inputs.Word("CLAIM", "The claim number.");

    private static Option<string?> Etag() => new("--etag")
    {
        Description = "Only if the claim's etag is still this one.", HelpName = "ETAG",
    };
}
