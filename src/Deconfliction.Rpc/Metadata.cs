using System.Collections.ObjectModel;
using System.Text;

namespace Deconfliction.Rpc;

/// <summary>
/// The custom metadata of a call, in order, keys repeatable (PROTOCOL-HTTP2.md, Custom-Metadata). Keys are lower case; those
/// that end in <c>-bin</c> hold bytes, all others printable ASCII.
/// </summary>
public sealed class Metadata : Collection<Metadata.Entry>
{
    /// <summary>The end of a key whose value is bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Adds text under <paramref name="key"/>.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds bytes under <paramref name="key"/>, which ends in <c>-bin</c>.</summary>
    public void Add(string key, byte[] value) => Add(new Entry(key, value));

    /// <summary>The last entry of <paramref name="key"/>, or null.</summary>
    public Entry? Get(string key)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (string.Equals(this[i].Key, key, StringComparison.OrdinalIgnoreCase))
            {
                return this[i];
            }
        }

        return null;
    }

    /// <summary>The last text of <paramref name="key"/>, or null.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last bytes of <paramref name="key"/>, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of <paramref name="key"/>, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) =>
        this.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    protected override void InsertItem(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        base.InsertItem(index, item);
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        base.SetItem(index, item);
    }

    /// <summary>One key and its value.</summary>
    public sealed class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Text. <exception cref="ArgumentException">The key or the text cannot travel in a header.</exception></summary>
        public Entry(string key, string value)
        {
            Key = ValidKey(key);
            ArgumentNullException.ThrowIfNull(value);
            if (IsBinary)
            {
                throw new ArgumentException($"Metadata '{Key}' ends in -bin and so takes bytes, not text.", nameof(key));
            }

            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException($"The value of metadata '{Key}' is not printable ASCII. Use a key that ends in -bin and give the bytes.", nameof(value));
            }

            _text = value;
        }

        /// <summary>Bytes. <exception cref="ArgumentException">The key cannot hold bytes.</exception></summary>
        public Entry(string key, byte[] value)
        {
            Key = ValidKey(key);
            ArgumentNullException.ThrowIfNull(value);
            if (!IsBinary)
            {
                throw new ArgumentException($"Metadata '{Key}' takes text. Bytes need a key that ends in -bin.", nameof(key));
            }

            _bytes = value;
        }

        /// <summary>The key, lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text.</summary>
        public string Value => _text ?? throw new InvalidOperationException($"Metadata '{Key}' holds bytes; read ValueBytes.");

        /// <summary>The bytes; of a text its ASCII.</summary>
        public byte[] ValueBytes => _bytes ?? Encoding.ASCII.GetBytes(_text!);

        private static string ValidKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            foreach (var c in key)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
                {
                    throw new ArgumentException($"'{key}' is no metadata key: only letters, digits, '-', '_' and '.' are.", nameof(key));
                }
            }

            return key.ToLowerInvariant();
        }
    }
}
