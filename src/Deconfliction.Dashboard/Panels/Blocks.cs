namespace Deconfliction.Dashboard.Panels;

/// <summary>How something stands. Shown by a sign and a word, never by colour alone.</summary>
public enum Tone
{
    None,
    Good,
    Warn,
    Bad,
}

/// <summary>A part of a panel: what it says, apart from how it is drawn and exported.</summary>
public abstract record Block;

/// <summary>The sentence of the overview: how the grid is, why, and what to do.</summary>
public sealed record VerdictBlock(Tone Tone, string Sentence, string Cause, string Remedy) : Block;

/// <summary>Figures side by side.</summary>
public sealed record TilesBlock(IReadOnlyList<Tile> Tiles) : Block;

/// <summary>One figure.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Note">More about it.</param>
/// <param name="Tone">How it stands.</param>
/// <param name="Trend">How it went, oldest first; drawn small.</param>
public sealed record Tile(string Label, string Value, string Note = "", Tone Tone = Tone.None, IReadOnlyList<double?>? Trend = null);

/// <summary>Rows and columns.</summary>
public sealed record TableBlock(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, string Empty) : Block
{
    /// <summary>What the table is of, where a panel has several.</summary>
    public string Caption { get; init; } = "";
}

/// <summary>A column; numbers stand to the right.</summary>
public sealed record Column(string Title, bool IsNumber = false);

/// <summary>What stands in a row of a column.</summary>
public sealed record Cell(string Text)
{
    /// <summary>How it stands.</summary>
    public Tone Tone { get; init; }

    /// <summary>The moment that it is, for local time and export.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The number that it is, for export.</summary>
    public double? Number { get; init; }

    /// <summary>Drawn as a bar, from 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Whether it is a name that programs made.</summary>
    public bool IsCode { get; init; }

    /// <summary>Where it leads.</summary>
    public string? Href { get; init; }
}

/// <summary>Lines over time.</summary>
/// <param name="Title">What is drawn.</param>
/// <param name="Unit">Its unit, on the axis.</param>
/// <param name="From">Left end.</param>
/// <param name="Until">Right end.</param>
/// <param name="Lines">At most four.</param>
/// <param name="Format">How a value is written.</param>
public sealed record ChartBlock(
    string Title, string Unit, DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<Line> Lines, Func<double, string> Format) : Block
{
    /// <summary>Whether its values are bytes.</summary>
    public bool IsBinary { get; init; }

    /// <summary>Whether its values are whole: then its axis names no halves.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>One line of a chart. A point without a value is a gap.</summary>
public sealed record Line(string Name, IReadOnlyList<Point> Points);

/// <summary>A value at a time.</summary>
public readonly record struct Point(DateTimeOffset At, double? Value);

/// <summary>A sentence.</summary>
public sealed record NoteBlock(string Text) : Block;
