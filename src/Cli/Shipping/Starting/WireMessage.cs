using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Cli.Shipping.Starting;

/// <summary>As much of protocol buffers as the Functions host's first words to a worker need: fields that hold texts or messages, and small numbers.</summary>
internal static class WireMessage
{
    const int Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5;

    /// <summary>One field with a text.</summary>
    public static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    /// <summary>One field with a message, or several in a row.</summary>
    public static byte[] Field(int field, params IEnumerable<byte[]> parts)
    {
        var content = parts.SelectMany(p => p).ToArray();
        return [.. Number((ulong)field << 3 | Length), .. Number((ulong)content.Length), .. content];
    }

    /// <summary>Every field of a message that holds a text or a message.</summary>
    public static IEnumerable<(int Field, byte[] Content)> FieldsOf(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Number(message, ref at);
            switch (key & 7)
            {
                case Varint:
                    Number(message, ref at);
                    break;
                case Fixed64:
                    at += sizeof(ulong);
                    break;
                case Fixed32:
                    at += sizeof(uint);
                    break;
                case Length:
                    var length = checked((int)Number(message, ref at));
                    yield return ((int)(key >> 3), message[at..(at + length)]);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"A message of the worker has a field of the unknown kind {key & 7}.");
            }
        }
    }

    /// <summary>The first text in a field; null when there is none.</summary>
    public static string? TextOf(byte[] message, int field) =>
        FieldsOf(message).Where(f => f.Field == field).Select(f => Encoding.UTF8.GetString(f.Content)).FirstOrDefault();

    /// <summary>A message as gRPC frames it.</summary>
    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Reads one framed message; null at the end.</summary>
    public static async Task<byte[]?> ReadFrameAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[5];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length)
            return null;
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return message;
    }

    static List<byte> Number(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
            bytes.Add((byte)(number | 0x80));
        bytes.Add((byte)number);
        return bytes;
    }

    static ulong Number(byte[] message, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return number;
        }
    }
}
