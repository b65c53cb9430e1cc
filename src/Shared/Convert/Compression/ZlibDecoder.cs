using System.Buffers.Binary;

namespace DataIngestion.Conversion.Compression;

/// <summary>zlib (RFC 1950), which HTTP calls <c>deflate</c>: one run of data and its checksum.</summary>
internal sealed class ZlibDecoder(CompressedInput input) : LayerDecoder
{
    Inflation? _data;
    readonly Adler32 _adler = new();
    bool _ended;

    /// <summary>Whether two bytes can begin such data.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> head) =>
        head.Length >= 2 && (head[0] & 0x0F) == 8 && head[0] >> 4 <= 7 && BinaryPrimitives.ReadUInt16BigEndian(head) % 31 == 0 && (head[1] & 0x20) == 0;

    public override int Read(Span<byte> to)
    {
        if (_ended)
            return 0;
        if (_data is null)
        {
            if (!IsHeader(input.Peek(2)))
                throw new CompressionDamage("it does not start like zlib");
            input.Skip(2);
            _data = new(input);
        }

        var read = _data.Read(to);
        if (read > 0)
            _adler.Append(to[..read]);
        else
            End();
        return read;
    }

    void End()
    {
        Span<byte> trailer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(trailer, _adler.Value);
        var rest = input.Peek(_data!.PutBack + trailer.Length + 1);
        if (rest.EndsWith(trailer))
        {
            _ended = true;
            input.Skip(rest.Length);
            if (input.IsAtEnd)
                return;
        }

        throw rest.IndexOf(trailer) >= 0 ? TrailingBytes.Found(input) : new("the checksum at its end is not that of its content, or is cut off");
    }

    protected override void Release() => _data?.Dispose();
}

/// <summary>The checksum of RFC 1950.</summary>
internal sealed class Adler32
{
    const uint Modulus = 65_521;
    const int MostBeforeOverflow = 5_552;

    uint _a = 1;
    uint _b;

    public uint Value => (_b << 16) | _a;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var some = bytes[..Math.Min(bytes.Length, MostBeforeOverflow)];
            bytes = bytes[some.Length..];
            var (a, b) = (_a, _b);
            foreach (var value in some)
            {
                a += value;
                b += a;
            }

            (_a, _b) = (a % Modulus, b % Modulus);
        }
    }
}
