using System.Buffers.Binary;
using System.Security.Cryptography;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Tests.Deciding.Snapshots;

/// <summary>What is not a whole snapshot of this identifier in this format is nothing, and never a state.</summary>
public class SnapshotFormatTests
{
    private static readonly byte[] s_sealed = RandomNumberGenerator.GetBytes(40);
    private static readonly (byte[] Bytes, List<Claim> Claims) s_sample = Sample(60);

    [Fact]
    public void TryOpen_WhatWasWritten_HasEveryClaimButForItsSealedPart()
    {
        var snapshot = Snapshot.TryOpen(s_sample.Bytes, SnapshotLedger.Tag)!;

        Assert.Equal(SnapshotLedger.Stamp(7), snapshot.Stamp);
        var state = IdentifierState.Resume(snapshot, 7, hazard: null, isCrowd: false, []);
        Assert.Equal(
            s_sample.Claims.Select(ClaimSetTests.Plain).OrderBy(claim => claim!.Id),
            state.LiveClaims.Select(ClaimSetTests.Plain).OrderBy(claim => claim!.Id));
        Assert.All(state.LiveClaims, claim => Assert.True(claim.IsSealedApart));
        Assert.True(s_sample.Bytes.AsSpan().IndexOf(s_sealed) < 0);
    }

    [Fact]
    public void TryOpen_CutAnywhere_IsNothing()
    {
        for (var length = 0; length < s_sample.Bytes.Length; length++)
        {
            Assert.Null(Snapshot.TryOpen(s_sample.Bytes.AsMemory(0, length), SnapshotLedger.Tag));
        }

        Assert.Null(Snapshot.TryOpen(new byte[SnapshotLayout.HeaderLength], SnapshotLedger.Tag));
        Assert.Null(Snapshot.TryOpen((byte[])[.. s_sample.Bytes, 0], SnapshotLedger.Tag));
    }

    [Fact]
    public void TryOpen_AnyByteOfItChanged_IsNothing()
    {
        for (var at = 0; at < s_sample.Bytes.Length; at++)
        {
            var bytes = s_sample.Bytes.ToArray();
            bytes[at] ^= (byte)(1 << (at % 8));
            Assert.Null(Snapshot.TryOpen(bytes, SnapshotLedger.Tag));
        }
    }

    [Fact]
    public void TryOpen_PiecesOfTwoSnapshots_IsNothing()
    {
        var (other, _) = Sample(60);
        Assert.Equal(s_sample.Bytes.Length, other.Length);
        for (var at = SnapshotLayout.HeaderLength; !s_sample.Bytes.AsSpan(at).SequenceEqual(other.AsSpan(at)); at += 64)
        {
            Assert.Null(Snapshot.TryOpen((byte[])[.. s_sample.Bytes[..at], .. other[at..]], SnapshotLedger.Tag));
        }
    }

    [Fact]
    public void TryOpen_OfAnotherIdentifier_IsNothing() =>
        Assert.Null(Snapshot.TryOpen(s_sample.Bytes, new Tag(SHA256.HashData("another"u8))));

    [Theory]
    [InlineData(4, 0)] // another format
    [InlineData(SnapshotLayout.CountAt, 61)]
    [InlineData(SnapshotLayout.CountAt, -1)]
    [InlineData(SnapshotLayout.CountAt, int.MaxValue)]
    [InlineData(SnapshotLayout.AgenciesAt, 1)]
    [InlineData(SnapshotLayout.TextsAt, int.MaxValue)]
    [InlineData(SnapshotLayout.TextBytesAt, -1)]
    [InlineData(SnapshotLayout.VersionAt + 4, -1)]
    [InlineData(SnapshotLayout.TakenAt + 4, -1)]
    public void TryOpen_AWrongNumberUnderARightChecksum_IsNothing(int at, int value)
    {
        var bytes = s_sample.Bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);

        Assert.Null(Snapshot.TryOpen(Sealed(bytes), SnapshotLedger.Tag));
    }

    [Fact]
    public void TryOpen_RandomNumbersUnderARightChecksum_NeverReadsBesideIt()
    {
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = s_sample.Bytes.ToArray();
            var at = SnapshotLayout.CountAt + (random.Next((bytes.Length - SnapshotLayout.CountAt) / 4) * 4);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), random.Next());
            if (Snapshot.TryOpen(Sealed(bytes), SnapshotLedger.Tag) is { } snapshot)
            {
                _ = snapshot.EarliestEnd;
                Assert.Equal(snapshot.Count, IdentifierState.Resume(snapshot, 7, hazard: null, isCrowd: false, []).LiveClaims.Count());
            }
        }
    }

    [Fact]
    public void Checksum_OfPublishedSamples_IsXxh64()
    {
        Assert.Equal(0xEF46DB3751D8E999UL, SnapshotChecksum.Of([]));
        Assert.Equal(0x44BC2CF5AD770999UL, SnapshotChecksum.Of("abc"u8));
    }

    private static byte[] Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(SnapshotLayout.ChecksumAt), SnapshotChecksum.Of(bytes.AsSpan(SnapshotLayout.CoveredFrom)));
        return bytes;
    }

    private static (byte[] Bytes, List<Claim> Claims) Sample(int count)
    {
        var random = new Random(count);
        var claims = Enumerable.Range(0, count)
            .Select(number => ClaimSetTests.RandomClaim(random) with { Case = $"case {number:00} é", RequestedBy = $"officer-{number % 3}", Sealed = s_sealed })
            .ToList();
        var state = IdentifierState.Restore(7, hazard: null, isCrowd: false, claims);
        return (state.Capture(SnapshotLedger.Stamp(7)).Write(SnapshotLedger.Stamp(7).History).Bytes.ToArray(), claims);
    }
}
