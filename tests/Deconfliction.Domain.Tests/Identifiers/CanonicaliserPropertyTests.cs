using System.Text;
using Deconfliction.Domain.Identifiers;
using FsCheck;
using FsCheck.Fluent;

namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>The laws of every kind: total, idempotent, blind to defanging, silent about values.</summary>
public class CanonicaliserPropertyTests
{
    private const int RunsPerKind = 2_000;

    // Pieces that rules treat specially, so that random text meets them often.
    private static readonly string[] Pieces =
    [
        "[", "]", "(", ")", "{", "}", "[.]", "[/]", "(dot)", "[at]", "[:]", "[://]", "/./", "/../", "%2e", "%5b", "..", ".", ":", "::", "/", "//", "\\", "@", "\"", "\\\"",
        " ", "\t", "\u00A0", "hxxp", "http://", "xn--", "xn--a", "-", "+", "0", "00", "0x", "255", "256", "ß", "ẞ", "ς", "Σ", "İ", "ı", "K",
        "\u200C", "\u200D", "\u0301", "\u0338", "\u0345", "e\u0301", "\u1100\u1161\u11A8", "가\u11A8", "\u0958", "ﬁ", "Ａ", "＠", "。", "．", "［", "א", "ا", "ل\u200Cا", "क\u094D\u200Dष", "\u202E", "\uFEFF",
        "\uD800", "\uDC00", "\U0001F600", "\U00010400", "\uFFFD", "\u0378", "\uE000", "?", "#", "&", "'", "<", "|", "~", "é", "x:", "bitcoin:", "gnutella:",
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (3, Gen.Elements(Pieces)),
        (2, Gen.Choose(0x20, 0x7E).Select(code => ((char)code).ToString())),
        (1, Gen.Choose(0, 0xFFFF).Select(code => ((char)code).ToString())));

    private static readonly Gen<string> AnyText = Piece.ListOf().Select(pieces => string.Concat(pieces));

    public static TheoryData<IdentifierKind> Kinds => [.. IdentifierKinds.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Canonicalise_AnyText_GivesAnIdentifierOrAShortRefusal(IdentifierKind kind) => Check(kind, text =>
    {
        var result = Canonicaliser.Canonicalise(kind, text);
        return result.IsAccepted
            ? result.Refusal is null && result.Identifier!.Kind == kind && result.Identifier.Canonical.Length > 0 && IsWellFormed(result.Identifier.Canonical)
            : result.Refusal is { Field: "value", Reason.Length: > 0, Problem.Length: > 0 and <= 200, Remedy.Length: > 0 and <= 200 } refusal
                && IsWellFormed(refusal.Problem) && IsWellFormed(refusal.Remedy);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Canonicalise_WhatItMade_ChangesNothing(IdentifierKind kind) => Check(kind, text =>
        Canonicaliser.Canonicalise(kind, text).Identifier is not { } once
            || (Canonicaliser.Canonicalise(kind, once.Canonical).Identifier is { } twice && once == twice));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Canonicalise_SpaceAround_ChangesNothing(IdentifierKind kind) => Check(kind, text =>
        Canonicaliser.Canonicalise(kind, text).Identifier is not { } plain
            || Canonicaliser.Canonicalise(kind, $" \t{text}\u00A0\r\n").Identifier == plain);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Canonicalise_Decomposed_GivesTheSame(IdentifierKind kind) => Check(kind, text =>
        Canonicaliser.Canonicalise(kind, text).Identifier is not { } plain
            || Canonicaliser.Canonicalise(kind, text.Replace("é", "e\u0301", StringComparison.Ordinal)).Identifier == plain);

    [Fact]
    public void Canonicalise_DefangedAddress_EqualsThePlainOne()
    {
        var octet = Gen.Choose(0, 255);
        var address = from a in octet from b in octet from c in octet from d in octet select $"{a}.{b}.{c}.{d}";
        var dot = Gen.Elements("[.]", "(.)", "{.}", "[dot]", "(DOT)", " [dot] ", "[[.]]", ".");
        var pairs = from plain in address from sign in dot select (plain, sign);
        Run(pairs, pair => Same(IdentifierKind.Ip, pair.plain, pair.plain, pair.sign)
            && Same(IdentifierKind.Email, $"user@h{pair.plain}.example", $"user[at]h{pair.plain}.example", pair.sign)
            && Same(IdentifierKind.Domain, $"h{pair.plain}.example", $"h{pair.plain}.example", pair.sign)
            && Same(IdentifierKind.Url, $"https://h{pair.plain}.example/", $"hxxps[:]//h{pair.plain}.example/", pair.sign));
    }

    [Fact]
    public void Samples_EveryKind_AreAccepted()
    {
        Assert.All(IdentifierKinds.All, kind => Assert.NotEmpty(Samples.Of(kind)));
        Assert.All(Samples.All, sample => Assert.Null(Canonicaliser.Canonicalise(sample.Kind, sample.Value).Refusal?.Problem));
    }

    private static bool Same(IdentifierKind kind, string plain, string defanged, string dot) =>
        Canonicaliser.Canonicalise(kind, plain).Identifier is { } expected
        && Canonicaliser.Canonicalise(kind, defanged.Replace(".", dot, StringComparison.Ordinal)).Identifier == expected;

    private static void Check(IdentifierKind kind, Func<string, bool> law)
    {
        var samples = Samples.Of(kind);
        Assert.All(samples, sample => Assert.True(law(sample), sample));
        var mutated = from sample in Gen.Elements(samples)
                      from position in Gen.Choose(0, sample.Length)
                      from removed in Gen.Choose(0, 2)
                      from inserted in Piece.ListOf(2)
                      from count in Gen.Choose(0, 2)
                      select sample.Remove(position, Math.Min(removed, sample.Length - position))
                          .Insert(position, string.Concat(inserted.Take(count)));
        Run(Gen.Frequency((3, mutated), (1, AnyText)), law);
    }

    private static void Run<T>(Gen<T> values, Func<T, bool> law) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(RunsPerKind).WithQuietOnSuccess(true), Prop.ForAll(values.ToArbitrary(), law));

    private static bool IsWellFormed(string text)
    {
        try
        {
            _ = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
