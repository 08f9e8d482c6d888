using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Panels;

/// <summary>One panel of a page: reads what it shows, in the reader's language.</summary>
public interface IPanel
{
    /// <summary>Its name in addresses, also the key of its title.</summary>
    string Id { get; }

    /// <summary>How long its content stands before it is read again: for what is costly to read, or must not be followed too closely.</summary>
    TimeSpan Keep => TimeSpan.Zero;

    /// <summary>Its content now.</summary>
    Task<PanelContent> ReadAsync(PanelContext context);
}

/// <summary>What a reading has to go by.</summary>
public sealed record PanelContext(GridView Grid, Language Words, bool IsOperator, CancellationToken CancellationToken);

/// <summary>What a panel shows.</summary>
/// <param name="AsOf">Of when it is.</param>
/// <param name="Blocks">What it says.</param>
/// <param name="Problem">Why it is older than it should be; empty where it is not.</param>
public sealed record PanelContent(DateTimeOffset AsOf, IReadOnlyList<Block> Blocks, string Problem = "");
