using System.Security.Cryptography;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>
/// Records that the Kinesis Producer Library packed into one: four bytes, a Protocol Buffers message with a table of partition keys (1)
/// and records (3) of key index (1) and data (3), and the MD5 of the message.
/// </summary>
internal static class KinesisAggregate
{
    const int Md5Length = 16;

    static ReadOnlySpan<byte> Magic => [0xF3, 0x89, 0x9A, 0xC2];

    /// <summary>The records in it; null when it is one record.</summary>
    public static IReadOnlyList<(string Key, ReadOnlyMemory<byte> Data)>? Read(ReadOnlyMemory<byte> data)
    {
        if (data.Length < Magic.Length + Md5Length || !data.Span.StartsWith(Magic))
            return null;
        var message = data[Magic.Length..^Md5Length];
#pragma warning disable CA5351 // the format's checksum, no protection
        if (!MD5.HashData(message.Span).AsSpan().SequenceEqual(data.Span[^Md5Length..]))
            return null;
#pragma warning restore CA5351
        var keys = new List<string>();
        var records = new List<(ulong Key, ReadOnlyMemory<byte> Data)>();
        var reader = new Fields(message);
        while (reader.Next())
        {
            if (reader.Number == 1)
                keys.Add(Encoding.UTF8.GetString(reader.Bytes.Span));
            else if (reader.Number == 3)
                records.Add(RecordOf(reader.Bytes));
        }

        return reader.IsBroken || records.Exists(r => r.Key >= (ulong)keys.Count) ? null : records.ConvertAll(r => (keys[(int)r.Key], r.Data));
    }

    static (ulong Key, ReadOnlyMemory<byte> Data) RecordOf(ReadOnlyMemory<byte> bytes)
    {
        var (key, data) = (ulong.MaxValue, ReadOnlyMemory<byte>.Empty);
        var reader = new Fields(bytes);
        while (reader.Next())
        {
            if (reader.Number == 1)
                key = reader.Value;
            else if (reader.Number == 3)
                data = reader.Bytes;
        }

        return (reader.IsBroken ? ulong.MaxValue : key, data);
    }

    // Varints and lengths; the format has no other fields.
    sealed class Fields(ReadOnlyMemory<byte> message)
    {
        int _at;

        public int Number { get; private set; }

        public ulong Value { get; private set; }

        public ReadOnlyMemory<byte> Bytes { get; private set; }

        public bool IsBroken { get; private set; }

        public bool Next()
        {
            if (_at >= message.Length || IsBroken)
                return false;
            var tag = Varint();
            Number = (int)(tag >> 3);
            Value = Varint();
            Bytes = default;
            if ((tag & 7) == 2 && Value <= (ulong)(message.Length - _at))
            {
                Bytes = message.Slice(_at, (int)Value);
                _at += (int)Value;
            }
            else if ((tag & 7) != 0)
            {
                IsBroken = true;
            }

            return !IsBroken;
        }

        ulong Varint()
        {
            var value = 0UL;
            for (var shift = 0; shift < 64 && _at < message.Length; shift += 7)
            {
                var b = message.Span[_at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }

            IsBroken = true;
            return 0;
        }
    }
}
