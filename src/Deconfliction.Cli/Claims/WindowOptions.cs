using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace Deconfliction.Cli.Claims;

/// <summary>The options that say when an address was in use and through which port, shared by <c>claim</c> and <c>check</c>.</summary>
internal sealed class WindowOptions
{
    private readonly Option<DateTimeOffset?> _from = Inputs.Moment("--from", "The first moment at which the address was in use");
    private readonly Option<DateTimeOffset?> _until = Inputs.Moment("--until", "The end of that time, exclusive");
    private readonly Option<int?> _tolerance = Inputs.Number(
        "--tolerance", "How far clocks may be off, on either side (default: 0).", "SECONDS", 0, ClaimAttributes.MostToleranceSeconds);
    private readonly Option<int?> _port = Inputs.Number("--port", "The source port.", "PORT", 1, 65_535);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _from, _until, _tolerance, _port })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var (from, until) = (result.GetResult(_from) is not null, result.GetResult(_until) is not null);
            if (from != until)
            {
                result.AddError($"{(from ? "--from needs --until" : "--until needs --from")}: a window has a start and an end.");
            }

            if (!from && result.GetResult(_tolerance) is not null)
            {
                result.AddError("--tolerance needs --from and --until: it widens a window.");
            }
        });
    }

    public uint Port(Call call) => (uint)(call.Value(_port) ?? 0);

    public Window? Window(Call call) => call.Value(_from) is { } from && call.Value(_until) is { } until
        ? Of(from, until, call.Value(_tolerance) ?? 0)
        : null;

    /// <summary>A window of the protocol.</summary>
    public static Window Of(DateTimeOffset from, DateTimeOffset until, int toleranceSeconds) => new()
    {
        From = Timestamp.FromDateTimeOffset(from),
        Until = Timestamp.FromDateTimeOffset(until),
        Tolerance = toleranceSeconds == 0 ? null : new Duration { Seconds = toleranceSeconds },
    };
}
