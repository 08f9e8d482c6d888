using System.Globalization;
using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Import;

/// <summary>Makes a claim of a record's columns. What the columns leave open, the command line's attributes fill.</summary>
internal sealed class ItemBuilder(ClaimInput template)
{
    private ClaimInput _claim = new();
    private DateTimeOffset? _from;
    private DateTimeOffset? _until;
    private int _tolerance;

    /// <summary>Starts a record.</summary>
    public void Start()
    {
        (_from, _until, _tolerance) = (null, null, 0);
        // The strings are shared with the template; a deep copy would cost more than the rest of the line.
        _claim = new ClaimInput
        {
            Identifier = new IdentifierInput(),
            CaseReference = template.CaseReference,
            Contact = template.Contact,
            Purpose = template.Purpose,
            LegalBasis = template.LegalBasis,
            Priority = template.Priority,
            Handling = template.Handling,
            Disclosure = template.Disclosure,
            Lifetime = template.Lifetime,
        };
    }

    /// <summary>Sets a column. Returns what is wrong with its text, or null. Empty text leaves the attribute to the command line.</summary>
    public ColumnFault? Set(Column column, string text) => column switch
    {
        Column.Ignored => null,
        _ when string.IsNullOrWhiteSpace(text) => null,
        Column.Kind => Do(() => _claim.Identifier.Kind = text.Trim()),
        Column.Value => Do(() => _claim.Identifier.Value = text),
        Column.Case => Do(() => _claim.CaseReference = text),
        Column.Contact => Do(() => _claim.Contact = text),
        Column.Purpose => Do(() => _claim.Purpose = text),
        Column.LegalBasis => Do(() => _claim.LegalBasis = text),
        Column.Priority => Choose<Priority>(text, value => _claim.Priority = value),
        Column.Disclosure => Choose<Disclosure>(text, value => _claim.Disclosure = value),
        Column.Handling => Choose<Handling>(text, value => _claim.Handling = value),
        Column.From => Moment(text, value => _from = value),
        Column.Until => Moment(text, value => _until = value),
        Column.Tolerance => Number(text, 0, ClaimAttributes.MostToleranceSeconds, value => _tolerance = value),
        Column.Port => Number(text, 1, 65_535, value => _claim.Port = (uint)value),
        Column.Expires => Number(text, 1, ClaimAttributes.MostDays, value => _claim.Lifetime = ClaimAttributes.Days(value)),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "A column without a rule."),
    };

    /// <summary>Ends a record. Returns what is wrong with it as a whole, or null, and then the claim.</summary>
    public (Column Column, ColumnFault Fault)? Finish(out ClaimInput claim)
    {
        claim = _claim;
        if (claim.CaseReference.Length == 0)
        {
            return (Column.Case, new ColumnFault("CASE_MISSING", "No case is named.", "Fill the column, or name a case with --case."));
        }

        if (_from is null != _until is null)
        {
            return (_from is null ? Column.From : Column.Until, new ColumnFault("WINDOW_HALF", "A window has a start and an end.", "Fill both from and until, or neither."));
        }

        if (_from is { } from && _until is { } until)
        {
            claim.Window = WindowOptions.Of(from, until, _tolerance);
        }

        return null;
    }

    private static ColumnFault? Do(Action set)
    {
        set();
        return null;
    }

    private static ColumnFault? Choose<T>(string text, Action<T> set)
        where T : struct, Enum
    {
        if (EnumText.TryParse<T>(text, out var value))
        {
            set(value);
            return null;
        }

        return new ColumnFault("UNKNOWN_VALUE", "This value is unknown.", $"Write one of {string.Join(", ", EnumText.All<T>())}.");
    }

    private static ColumnFault? Moment(string text, Action<DateTimeOffset> set)
    {
        if (Inputs.TryParseMoment(text, out var moment))
        {
            set(moment);
            return null;
        }

        return new ColumnFault("NOT_A_TIME", "This is not a time.", "Write it like 2026-03-01T12:00:00Z or 2026-03-01.");
    }

    private static ColumnFault? Number(string text, int min, int max, Action<int> set)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            set(number);
            return null;
        }

        return new ColumnFault("NOT_A_NUMBER", $"This is not a whole number from {min} to {max}.", "Correct it.");
    }
}

/// <summary>What is wrong with a column's text.</summary>
/// <param name="Reason">A stable code.</param>
/// <param name="Description">What is wrong, for a reader.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ColumnFault(string Reason, string Description, string Remedy);
