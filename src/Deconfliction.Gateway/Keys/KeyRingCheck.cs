namespace Deconfliction.Gateway.Keys;

/// <summary>
/// Holds a ring against the store: another key would miss every overlap without an error, so the store keeps a check value of
/// each key, and a ring that does not match is refused.
/// </summary>
public static class KeyRingCheck
{
    private const string Prefix = "key-check/";
    private const string IdsSetting = Prefix + "ids";

    /// <summary>
    /// The ring for this store: the folder's where it matches; a new one, saved before its check values are stored, where there is
    /// none and the store is empty.
    /// </summary>
    /// <param name="folder">Where the ring lies.</param>
    /// <param name="candidate">The ring to be used if there is none yet (the ledger had to be opened with its audit key).</param>
    /// <param name="loaded">The folder's ring, if it has one.</param>
    /// <param name="settings">The store's settings.</param>
    /// <param name="storeIsEmpty">Whether the store holds no agency yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyRingException">The ring is not this store's.</exception>
    public static async Task<KeyRing> AdmitAsync(
        KeyRingFolder folder,
        KeyRing candidate,
        KeyRing? loaded,
        IGatewayStore settings,
        bool storeIsEmpty,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        var known = await settings.ReadSettingAsync(IdsSetting, cancellationToken);
        if (known is null && !storeIsEmpty)
        {
            throw new KeyRingException(
                "The store holds agencies but no check value of any key, so no key ring can be held against it. It was not made by this program: "
                + "restore it from a backup.");
        }

        if (loaded is null)
        {
            if (known is not null)
            {
                throw new KeyRingException(
                    $"The key ring {folder.RingFile} is missing, and the store was made with the keys {known}. Another key would miss every overlap. "
                    + $"Restore the ring to {folder.RingFile} and start again.");
            }

            folder.Save(candidate);
            loaded = candidate;
        }
        else if (known is not null)
        {
            await MatchAsync(folder, loaded, known.Split(','), settings, cancellationToken);
        }

        await StoreCheckValuesAsync(loaded, settings, known, cancellationToken);
        return loaded;
    }

    private static async Task MatchAsync(
        KeyRingFolder folder, KeyRing ring, string[] names, IGatewayStore settings, CancellationToken cancellationToken)
    {
        var mine = ring.CheckValues().ToDictionary(check => check.Name, check => check.Value, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var expected = await settings.ReadSettingAsync(Prefix + name, cancellationToken);
            if (!mine.TryGetValue(name, out var value))
            {
                throw new KeyRingException(
                    $"The key ring {folder.RingFile} lacks key {name}, with which this store was made. Without it overlaps would be missed. "
                    + $"Restore the ring that has it to {folder.RingFile} and start again.");
            }

            if (!string.Equals(expected, value, StringComparison.Ordinal))
            {
                throw new KeyRingException(
                    $"Key {name} of the key ring {folder.RingFile} is not the one that this store was made with. Another key would miss every overlap "
                    + $"without an error. Restore the store's own ring to {folder.RingFile} and start again.");
            }
        }

        if (mine.Keys.Except(names, StringComparer.Ordinal).ToList() is [var added, ..])
        {
            throw new KeyRingException(
                $"The key ring {folder.RingFile} has key {added}, with which this store was not made. What is in the store has its tags by the keys "
                + "before it, and nothing writes them anew yet: every overlap between old and new claims would be missed without an error. Restore the "
                + $"store's own ring to {folder.RingFile} and start again.");
        }
    }

    // The list of ids is written last: a crash before it leaves a store that no ring has claimed yet.
    private static async Task StoreCheckValuesAsync(KeyRing ring, IGatewayStore settings, string? known, CancellationToken cancellationToken)
    {
        var checks = ring.CheckValues().ToList();
        var names = string.Join(',', checks.Select(check => check.Name));
        if (string.Equals(names, known, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, value) in checks)
        {
            await settings.WriteSettingAsync(Prefix + name, value, cancellationToken);
        }

        await settings.WriteSettingAsync(IdsSetting, names, cancellationToken);
    }
}
