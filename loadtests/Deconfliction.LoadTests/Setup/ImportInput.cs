using System.Globalization;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Setup;

/// <summary>One agency's file.</summary>
internal sealed record ImportInputFile(string Agency, string Path);

/// <summary>The four organisations' files and all four in one; where they are not beside the checkout, generated ones of the same shape.</summary>
internal sealed class ImportInput : IDisposable
{
    // Lines of each kind in the real files.
    private static readonly (string Agency, int Email, int Ip, int Md5, int Sha1, int Sha256)[] s_shape =
    [
        ("amnesty", 52, 645, 4, 0, 280), ("avast", 24, 121, 1_690, 1_801, 3_635), ("eset", 41, 1_340, 5_434, 7_875, 5_930), ("sophos", 19, 670, 55, 22_587, 8_583),
    ];

    private readonly TemporaryFolder _folder = new();

    private ImportInput()
    {
        IsGenerated = Repository.RealInput is null;
        Files = [.. s_shape.Select(shape => new ImportInputFile(
            shape.Agency, IsGenerated ? _folder[shape.Agency + ".tsv"] : Path.Combine(Repository.RealInput!, shape.Agency + ".tsv")))];
        if (IsGenerated)
        {
            foreach (var (shape, file) in s_shape.Zip(Files))
            {
                File.WriteAllLines(file.Path, Generate(shape));
            }
        }

        AllInOne = _folder["all.tsv"];
        File.WriteAllLines(AllInOne, ["kind\tvalue", .. Files.SelectMany(file => File.ReadLines(file.Path).Skip(1))]);
    }

    /// <summary>Whether the real ones are absent.</summary>
    public bool IsGenerated { get; }

    /// <summary>The files.</summary>
    public IReadOnlyList<ImportInputFile> Files { get; }

    /// <summary>All lines of all files in one.</summary>
    public string AllInOne { get; }

    /// <summary>Finds or makes them.</summary>
    public static ImportInput Prepare() => new();

    /// <summary>Writes a file of claims that meet none of the others.</summary>
    public string WarmUp(int lines)
    {
        var path = _folder["warm-up.tsv"];
        File.WriteAllLines(path, ["kind\tvalue", .. Enumerable.Range(0, lines).Select(number => "sha256\t" + GeneratedValues.Sha256(-1 - number))]);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Generate((string Agency, int Email, int Ip, int Md5, int Sha1, int Sha256) shape)
    {
        long number = shape.Agency[0] * 1_000_000L;
        return ((string[])["kind\tvalue"])
            .Concat(Lines("email", shape.Email, n => $"someone-{GeneratedValues.Hex(n, 6)}@example.org"))
            .Concat(Lines("ip", shape.Ip, n => string.Create(CultureInfo.InvariantCulture, $"45.{(n >> 16) & 255}.{(n >> 8) & 255}.{n & 255}")))
            .Concat(Lines("md5", shape.Md5, n => GeneratedValues.Hex(n, 16)))
            .Concat(Lines("sha1", shape.Sha1, n => GeneratedValues.Hex(n, 20)))
            .Concat(Lines("sha256", shape.Sha256, n => GeneratedValues.Hex(n, 32)));

        // Every eighteenth line repeats the one before: the real files have as many own duplicates.
        IEnumerable<string> Lines(string kind, int count, Func<long, string> value) =>
            Enumerable.Range(1, count).Select(line => $"{kind}\t{value(line % 18 == 0 ? number : ++number)}");
    }
}
