using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Deconfliction.Cli.Claims;

/// <summary>The options that say what a claim is, shared by <c>claim</c> and <c>import</c>.</summary>
internal sealed class ClaimAttributes(bool caseRequired)
{
    public const int MostDays = 3_650;
    public const int MostToleranceSeconds = 86_400;

    public Option<string?> Case { get; } = Inputs.Text("--case", "Your own opaque reference of the case.", 128, caseRequired);

    public Option<string?> Purpose { get; } = Inputs.Text("--purpose", "Why; no case content.", 256);

    public Option<string?> Contact { get; } = Inputs.Text("--contact", "Whom others should call (default: the agency's contact).", 256);

    public Option<string?> LegalBasis { get; } = Inputs.Text("--legal-basis", "The legal basis of the processing.", 256);

    public Option<Priority> Priority { get; } = Inputs.Choice<Priority>("--priority", "How urgent the work is");

    public Option<Disclosure> Disclosure { get; } = Inputs.Choice<Disclosure>("--disclosure", "What others see of it");

    public Option<Handling> Handling { get; } = Inputs.Choice<Handling>("--handling", "What may be done with what they see");

    public Option<int?> Expires { get; } = Inputs.Number("--expires", "How many days it lives (default: the server's, 180).", "DAYS", 1, MostDays);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Case, Purpose, Contact, LegalBasis, Priority, Disclosure, Handling, Expires })
        {
            command.Add(option);
        }
    }

    /// <summary>The attributes that the command line names; the identifier is the caller's to add.</summary>
    public ClaimInput Read(Call call) => new()
    {
        CaseReference = call.Value(Case) ?? "",
        Purpose = call.Value(Purpose) ?? "",
        Contact = call.Value(Contact) ?? "",
        LegalBasis = call.Value(LegalBasis) ?? "",
        Priority = call.Value(Priority),
        Disclosure = call.Value(Disclosure),
        Handling = call.Value(Handling),
        Lifetime = Days(call.Value(Expires)),
    };

    /// <summary>A lifetime of whole days; null for the server's default.</summary>
    public static Duration? Days(int? days) => days is { } count ? new Duration { Seconds = count * 86_400L } : null;
}
