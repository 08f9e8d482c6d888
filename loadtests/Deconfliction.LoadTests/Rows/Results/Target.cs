namespace Deconfliction.LoadTests.Rows.Results;

/// <summary>What became of a target.</summary>
internal enum Verdict
{
    /// <summary>Not reached.</summary>
    Missed,

    /// <summary>What was asked for at least is reached.</summary>
    AtLeast,

    /// <summary>What was aimed at is reached.</summary>
    Aim,
}

/// <summary>What a figure is to reach.</summary>
/// <param name="AtLeast">What is asked for at least, in the figure's unit.</param>
/// <param name="Aim">What is aimed at.</param>
internal sealed record Target(double AtLeast, double Aim)
{
    /// <summary>Whether more is better, as the order of the two says.</summary>
    public bool MoreIsBetter => Aim > AtLeast;

    /// <summary>What a value reaches.</summary>
    public Verdict Judge(double value) => Reaches(value, Aim) ? Verdict.Aim : Reaches(value, AtLeast) ? Verdict.AtLeast : Verdict.Missed;

    private bool Reaches(double value, double limit) => MoreIsBetter ? value >= limit : value <= limit;
}
