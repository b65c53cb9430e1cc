using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using System.Numerics;
using DataIngestion.Conversion.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace DataIngestion.Conversion.Tests.Compression;

/// <summary>Packs bytes in every compression that is opened.</summary>
internal static class Packing
{
    /// <summary>Those that need no program of the machine.</summary>
    public static readonly string[] Own = ["gzip", "zstd", "zlib", "lz4", "lz4-linked", "snappy", "bzip2", "xz"];

    /// <summary>The name in findings.</summary>
    public static string NameOf(string compression) => compression.Split('-')[0];

    public static byte[] Pack(byte[] plain, string compression) => compression switch
    {
        "gzip" => Through(plain, s => new GZipStream(s, CompressionLevel.Optimal, leaveOpen: true)),
        "zlib" => Through(plain, s => new ZLibStream(s, CompressionLevel.Optimal, leaveOpen: true)),
        "zstd" => Zstd(plain),
        "lz4" => Lz4(plain, isLinked: false),
        "lz4-linked" => Lz4(plain, isLinked: true),
        "snappy" => Through(plain, s => new SnappyStream(s, CompressionMode.Compress, leaveOpen: true)),
        "bzip2" => Bzip2Packing.Pack(plain),
        "xz" => XzPacking.Pack(plain),
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };

    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    /// <summary>What a program of the machine makes of the bytes.</summary>
    public static byte[] ByProgram(string program, string arguments, byte[] plain)
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"there is no program '{program}' on this machine");
        }

        using (process)
        {
            using var packed = new MemoryStream();
            var reading = process!.StandardOutput.BaseStream.CopyToAsync(packed);
            process.StandardInput.BaseStream.Write(plain);
            process.StandardInput.Close();
            reading.Wait();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return packed.ToArray();
        }
    }

    /// <summary>Everything that comes out, in pieces of so many bytes.</summary>
    public static byte[] Unpack(byte[] packed, string compression, int piece = 4096, int chunk = int.MaxValue)
    {
        using var decoder = Compressions.Open(NameOf(compression), new CompressedInput(new ChunkedStream(packed, chunk)));
        using var plain = new MemoryStream();
        var buffer = new byte[piece];
        for (int read; (read = decoder.Read(buffer)) > 0;)
            plain.Write(buffer, 0, read);
        Assert.Equal(0, decoder.Read(buffer));
        return plain.ToArray();
    }

    static byte[] Through(byte[] plain, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (var stream = open(packed))
            stream.Write(plain);
        return packed.ToArray();
    }

    static byte[] Zstd(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var stream = new CompressionStream(packed, 3, leaveOpen: true))
        {
            stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            stream.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>Blocks of 64 KiB with all checksums; linked ones repeat what the block before holds.</summary>
    static byte[] Lz4(byte[] plain, bool isLinked)
    {
        using var packed = new MemoryStream();
        byte[] header = [0x04, 0x22, 0x4D, 0x18, (byte)(isLinked ? 0x5C : 0x7C), 0x40, .. BitConverter.GetBytes((long)plain.Length)];
        packed.Write(header);
        packed.WriteByte((byte)(XxHash32.HashToUInt32(header.AsSpan(4)) >> 8));
        for (var at = 0; at < plain.Length; at += 64 << 10)
        {
            var block = plain.AsSpan(at, Math.Min(64 << 10, plain.Length - at));
            var target = new byte[LZ4Codec.MaximumOutputSize(block.Length)];
            var length = isLinked && at > 0 && block.SequenceEqual(plain.AsSpan(at - block.Length, block.Length)) ? Repeat(block.Length, block[^5..], target) : LZ4Codec.Encode(block, target);
            var isPlain = length >= block.Length;
            if (isPlain)
                block.CopyTo(target);
            length = isPlain ? block.Length : length;
            packed.Write(BitConverter.GetBytes(isPlain ? length | int.MinValue : length));
            packed.Write(target, 0, length);
            packed.Write(BitConverter.GetBytes(XxHash32.HashToUInt32(target.AsSpan(0, length))));
        }

        packed.Write(new byte[4]);
        packed.Write(BitConverter.GetBytes(XxHash32.HashToUInt32(plain)));
        return packed.ToArray();
    }

    // One match that reaches back by the block's own length, and the five literals that must end a block.
    static int Repeat(int length, ReadOnlySpan<byte> last, byte[] target)
    {
        var at = 0;
        target[at++] = 0x0F;
        BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(at), (ushort)Math.Min(length, ushort.MaxValue));
        at += 2;
        var rest = length - last.Length - 4 - 15;
        for (; rest >= 255; rest -= 255)
            target[at++] = 255;
        target[at++] = (byte)rest;
        target[at++] = (byte)(last.Length << 4);
        last.CopyTo(target.AsSpan(at));
        return at + last.Length;
    }
}
