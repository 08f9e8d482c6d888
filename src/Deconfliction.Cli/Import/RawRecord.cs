namespace Deconfliction.Cli.Import;

/// <summary>What may be wrong with a record before its fields are looked at.</summary>
internal enum RecordFault
{
    None,

    /// <summary>It is longer than any valid record can be.</summary>
    TooLong,

    /// <summary>A quote was opened and never closed.</summary>
    OpenQuote,
}

/// <summary>The bytes of a record, without its line end. They are valid until the next record is read.</summary>
/// <param name="Line">The line in the file at which it starts, from 1.</param>
/// <param name="Bytes">The bytes; of a record that is too long only its start.</param>
/// <param name="Fault">What is wrong with it.</param>
internal readonly record struct RawRecord(long Line, ReadOnlyMemory<byte> Bytes, RecordFault Fault);
