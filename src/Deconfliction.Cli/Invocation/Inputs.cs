using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;

namespace Deconfliction.Cli.Invocation;

/// <summary>Options and arguments that check what they are given, and say what would be right.</summary>
internal static class Inputs
{
    /// <summary>Text of a limited length in bytes of UTF-8, as the protocol limits it.</summary>
    public static Option<string?> Text(string name, string description, int maxBytes, bool required = false)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = required && name == "--case" ? "REF" : "TEXT", Required = required };
        option.Validators.Add(result =>
        {
            var bytes = Encoding.UTF8.GetByteCount(result.GetValueOrDefault<string?>() ?? "");
            if (bytes > maxBytes)
            {
                result.AddError($"{name} has {bytes} bytes; at most {maxBytes} are allowed.");
            }
            else if (required && bytes == 0)
            {
                result.AddError($"{name} is empty. Give a text.");
            }
        });
        return option;
    }

    /// <summary>One of the values of an enum of the protocol.</summary>
    public static Option<T> Choice<T>(string name, string description, bool required = false)
        where T : struct, Enum => new(name)
        {
            Description = $"{description}: {string.Join(", ", EnumText.All<T>())}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            Required = required,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!EnumText.TryParse<T>(text, out var value))
                {
                    result.AddError($"{name} '{text}' is unknown. Give one of {string.Join(", ", EnumText.All<T>())}.");
                }

                return value;
            },
        };

    /// <summary>A moment: RFC 3339, or a date alone for its start; UTC unless it names an offset.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) => new(name)
    {
        Description = description + " (RFC 3339; UTC unless it names an offset).",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParseMoment(text, out var moment))
            {
                return moment;
            }

            result.AddError($"{name} '{text}' is not a time. Write it like 2026-03-01T12:00:00Z or 2026-03-01.");
            return null;
        },
    };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int?> Number(string name, string description, string unit, int min, int max) => new(name)
    {
        Description = description,
        HelpName = unit,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            {
                return number;
            }

            result.AddError($"{name} '{text}' is not a whole number from {min} to {max}.");
            return null;
        },
    };

    /// <summary>An argument, named as the help shows it.</summary>
    public static Argument<string> Word(string name, string description) => new(name) { Description = description };

    /// <summary>Reads a moment as <see cref="Moment"/> does.</summary>
    public static bool TryParseMoment(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        text.Trim(),
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out moment);
}
