using System.Buffers.Binary;
using System.IO.Hashing;

namespace DataIngestion.Conversion.Compression;

/// <summary>gzip (RFC 1952): every member's checksum and length are checked; only zeros may follow, as on tapes.</summary>
internal sealed class GzipDecoder(CompressedInput input) : LayerDecoder
{
    const int MaxText = 64 << 10;

    readonly Crc32 _crc = new();
    Inflation? _member;
    uint _size;
    int _members;

    public override int Read(Span<byte> to)
    {
        while (true)
        {
            if (_member is null && !Begin())
                return 0;
            var read = _member!.Read(to);
            if (read > 0)
            {
                _crc.Append(to[..read]);
                _size += (uint)read;
                return read;
            }

            End();
        }
    }

    bool Begin()
    {
        if (_members > 0 && (input.IsAtEnd || TrailingBytes.AreZeros(input)))
            return false;
        var header = input.Peek(10);
        if (!header.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            throw _members == 0 ? new CompressionDamage("it does not start like gzip") : TrailingBytes.Found(input);
        if (header.Length < 10)
            throw CompressionDamage.CutOff("a member's header");
        var flags = header[3];
        if (header[2] != 8 || (flags & 0xE0) != 0)
            throw new CompressionDamage($"a member's header at compressed byte {input.Position} has an unknown method or flag");
        input.Skip(10);
        if ((flags & 4) != 0)
        {
            var extra = input.ReadByte("a member's header") | (input.ReadByte("a member's header") << 8);
            for (; extra > 0; extra--)
                input.ReadByte("a member's header");
        }

        if ((flags & 8) != 0)
            SkipText();
        if ((flags & 16) != 0)
            SkipText();
        if ((flags & 2) != 0)
            _ = input.ReadByte("a member's header") | input.ReadByte("a member's header");
        _crc.Reset();
        _size = 0;
        _member = new(input);
        return true;
    }

    void SkipText()
    {
        for (var length = 0; input.ReadByte("a member's header") != 0; length++)
        {
            if (length == MaxText)
                throw new CompressionDamage("a name in a member's header is longer than 64 KiB");
        }
    }

    /// <summary>The data ended somewhere in the bytes that were put back; where, is known from the checksum and length that must follow it.</summary>
    void End()
    {
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _size);
        var rest = input.Peek(_member!.PutBack + trailer.Length);
        var at = rest.IndexOf(trailer);
        if (at < 0)
            throw new CompressionDamage("the checksum and length at a member's end are not those of its content, or are cut off");
        input.Skip(at + trailer.Length);
        _member.Dispose();
        _member = null;
        _members++;
    }

    protected override void Release() => _member?.Dispose();
}

/// <summary>What stands behind the end of compressed data.</summary>
internal static class TrailingBytes
{
    /// <summary>Whether only zeros are left; takes them then.</summary>
    public static bool AreZeros(CompressedInput input)
    {
        while (!input.IsAtEnd)
        {
            var available = input.Available();
            var zeros = available.IndexOfAnyExcept((byte)0);
            if (zeros >= 0)
                return false;
            input.Skip(available.Length);
        }

        return true;
    }

    public static CompressionDamage Found(CompressedInput input) => new($"other bytes follow its end at compressed byte {input.Position}");
}
