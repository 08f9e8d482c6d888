using System.Buffers;
using System.Text;
using Deconfliction.Rpc.Wire;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Testing;

namespace Deconfliction.Rpc.Tests.Wire;

/// <summary>Messages are made valid with a marker in their text, and the marker's bytes then made invalid in place.</summary>
public sealed class Utf8CheckTests
{
    private const string Marker = "ÿÿÿÿ";
    private static readonly byte[] s_marker = Encoding.UTF8.GetBytes(Marker);

    public static TheoryData<string, string> Places => new()
    {
        { "field", "reason" },
        { "nested", "field_violations[0].description" },
        { "map key", "metadata" },
        { "map value", "metadata" },
        { "repeated", "field_violations[1].reason" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Text_InAnyPlace_IsCheckedAndNamed(string place, string path)
    {
        IMessage message = place switch
        {
            "field" => new ErrorInfo { Reason = "x" + Marker },
            "nested" => new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "a", Description = Marker } } },
            "map key" => new ErrorInfo { Metadata = { [Marker] = "v" } },
            "map value" => new ErrorInfo { Domain = "d", Metadata = { ["k"] = Marker } },
            _ => new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation(), new BadRequest.Types.FieldViolation { Reason = Marker } } },
        };
        var good = message.ToByteArray();
        Assert.True(Utf8Check.IsValid(message.Descriptor, new ReadOnlySequence<byte>(good)));
        var broken = new ReadOnlySequence<byte>(Broken(good));
        Assert.False(Utf8Check.IsValid(message.Descriptor, broken));
        Assert.Equal([path], Utf8Check.Fields(message.Descriptor, broken));
    }

    [Fact]
    public void Fields_OfManyBadTexts_AreTheFirstInEachValue_UpToABound()
    {
        // Two violations of which each has two bad texts, then many more.
        byte[] violation = [0x0a, 0x06, 0x0a, 0x01, 0xff, 0x12, 0x01, 0xff];
        Assert.Equal(
            ["field_violations[0].field", "field_violations[1].field"],
            Utf8Check.Fields(BadRequest.Descriptor, new ReadOnlySequence<byte>([.. violation, .. violation])));

        var many = Enumerable.Repeat(violation, 2 * Utf8Check.MostFields).SelectMany(static bytes => bytes).ToArray();
        Assert.Equal(Utf8Check.MostFields + 1, Utf8Check.Fields(BadRequest.Descriptor, new ReadOnlySequence<byte>(many)).Count);
    }

    [Fact]
    public void Bytes_AndUnknownFields_AreNotText()
    {
        var bytes = new SimpleRequest { ResponseSize = 300, Payload = new Payload { Body = ByteString.CopyFrom(0xff, 0xfe) } };
        Assert.True(Utf8Check.IsValid(SimpleRequest.Descriptor, new ReadOnlySequence<byte>(bytes.ToByteArray())));

        // Field 15: two bytes that are no text. A group 14 that holds a "field 1" of its own, and a group in it. Fixed numbers.
        byte[] unknown = [0x7a, 0x02, 0xff, 0xfe, 0x73, 0x0a, 0x01, 0xff, 0x6b, 0x08, 0xff, 0x01, 0x6c, 0x74, 0x41, 1, 2, 3, 4, 5, 6, 7, 0xff, 0x4d, 1, 2, 3, 0xff];
        Assert.Equal(unknown.Length, ErrorInfo.Parser.ParseFrom(unknown).CalculateSize());
        Assert.True(Utf8Check.IsValid(ErrorInfo.Descriptor, new ReadOnlySequence<byte>(unknown)));
        Assert.False(Utf8Check.IsValid(ErrorInfo.Descriptor, new ReadOnlySequence<byte>([.. unknown, 0x0a, 0x01, 0xff])));
    }

    [Fact]
    public void RandomMutations_AgreeWithAStrictParser()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var original = new BadRequest
        {
            FieldViolations = { new BadRequest.Types.FieldViolation { Field = "käse", Description = "☺ and more" }, new BadRequest.Types.FieldViolation { Reason = "日本" } },
        }.ToByteArray();
        var refused = 0;
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = original.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            BadRequest message;
            try
            {
                message = BadRequest.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                // The check is only asked about what parses.
                continue;
            }

            // None of the texts holds U+FFFD, so that where the lenient parser put one it had met bad bytes.
            var lenient = message.FieldViolations.Any(each => (each.Field + each.Description + each.Reason).Contains('\ufffd', StringComparison.Ordinal));
            Assert.True(Utf8Check.IsValid(BadRequest.Descriptor, new ReadOnlySequence<byte>(bytes)) == !lenient, $"seed {Seed}, run {run}: {Convert.ToHexString(bytes)}");
            refused += lenient ? 1 : 0;
        }

        Assert.True(refused > 100);
    }

    private static byte[] Broken(byte[] message)
    {
        var broken = message.ToArray();
        var at = broken.AsSpan().IndexOf(s_marker);
        Assert.True(at >= 0);
        broken[at] = 0xff;
        return broken;
    }
}
