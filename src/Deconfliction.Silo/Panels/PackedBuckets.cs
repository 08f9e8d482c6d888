using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Silo.Panels;

/// <summary>
/// Buckets as two numbers each, in seven bits a byte: how far from the one before, and how many. Two or three bytes a bucket, where
/// Orleans' own way would take six.
/// </summary>
internal static class PackedBuckets
{
    /// <summary>Writes them.</summary>
    public static byte[] Write(IReadOnlyList<BucketCount> buckets)
    {
        using var bytes = new MemoryStream(3 * buckets.Count);
        using var writer = new BinaryWriter(bytes);
        var before = 0;
        foreach (var (bucket, count) in buckets)
        {
            writer.Write7BitEncodedInt(bucket - before);
            writer.Write7BitEncodedInt64(count);
            before = bucket;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="FormatException">They are not what <see cref="Write"/> writes.</exception>
    public static IReadOnlyList<BucketCount> Read(byte[] packed)
    {
        var buckets = new List<BucketCount>(packed.Length / 2);
        using var bytes = new MemoryStream(packed, writable: false);
        using var reader = new BinaryReader(bytes);
        var bucket = 0;
        try
        {
            while (bytes.Position < bytes.Length)
            {
                bucket += reader.Read7BitEncodedInt();
                buckets.Add(new BucketCount(bucket, reader.Read7BitEncodedInt64()));
            }
        }
        catch (EndOfStreamException problem)
        {
            throw new FormatException("The buckets of a silo's histogram end in the middle of a number.", problem);
        }

        return HistogramPart.AreBuckets(buckets) ? buckets : throw new FormatException("The buckets of a silo's histogram are out of order or out of range.");
    }
}
