using System.Text.Unicode;
using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>
/// Walks values that nest, with a stack of its own, as far as the bytes go. What cannot be by chance is counted: keys of maps that are text, long texts
/// that are UTF-8.
/// </summary>
/// <param name="bytes">The start of the content.</param>
/// <param name="isWhole">Whether that is all of it: then the last value must end with it.</param>
internal abstract class ValueWalk(byte[] bytes, bool isWhole)
{
    const int MostDepth = 128;
    protected const long Open = long.MaxValue;

    readonly Stack<(long Left, bool IsMap, bool IsKey)> _open = new();

    protected byte[] Bytes => bytes;

    protected int At { get; set; }

    public int Values { get; private set; }

    public int Keys { get; private set; }

    /// <summary>How much of the structure is unlikely by chance.</summary>
    public int Strength { get; private set; }

    /// <summary>Whether everything fits.</summary>
    public bool Run()
    {
        while (At < bytes.Length)
        {
            var result = Next();
            if (result == Step.Wrong)
                return false;
            if (result == Step.Cut)
                return !isWhole;
        }

        return !isWhole || _open.Count == 0;
    }

    protected enum Step
    {
        Fits,
        Cut,
        Wrong,
    }

    protected abstract Step Next();

    /// <summary>A value without parts.</summary>
    protected Step Scalar(long size)
    {
        if (size < 0 || size > bytes.Length - At)
            return size < 0 ? Step.Wrong : Step.Cut;
        At += (int)size;
        return Done(isText: false);
    }

    protected Step Text(long size)
    {
        if (size < 0)
            return Step.Wrong;
        var there = (int)Math.Min(size, bytes.Length - At);
        var text = bytes.AsSpan(At, there);
        if (there == size && !Utf8.IsValid(text))
            return Step.Wrong;
        if (there < size)
            return Step.Cut;
        foreach (var c in text)
        {
            if (c < 0x20 && c is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
                return Step.Wrong;
        }

        Strength += Math.Min(there, 8);
        At += there;
        return Done(isText: true);
    }

    /// <summary>Begins an array or a map.</summary>
    /// <param name="count">Values, or pairs of them; <see cref="Open"/> for one that a mark ends.</param>
    protected Step Begin(long count, bool isMap)
    {
        if (count < 0 || _open.Count >= MostDepth || (count != Open && isWhole && count > bytes.Length))
            return Step.Wrong;
        if (_open.Count > 0 && _open.Peek().IsMap && _open.Peek().IsKey)
            return Step.Wrong;
        if (count == 0)
            return Done(isText: false);
        _open.Push((count == Open ? Open : isMap ? count * 2 : count, isMap, isMap));
        return Step.Fits;
    }

    /// <summary>Ends what a mark ends.</summary>
    protected Step Break()
    {
        if (_open.Count == 0 || _open.Peek().Left != Open || (_open.Peek().IsMap && !_open.Peek().IsKey))
            return Step.Wrong;
        _open.Pop();
        return Done(isText: false);
    }

    Step Done(bool isText)
    {
        while (true)
        {
            if (_open.Count == 0)
            {
                Values++;
                return Step.Fits;
            }

            var (left, isMap, isKey) = _open.Pop();
            if (isMap && isKey)
            {
                Keys += isText ? 1 : 0;
                Strength += isText ? 2 : -1;
            }

            if (left != Open)
                left--;
            if (left > 0)
            {
                _open.Push((left, isMap, isMap && !isKey));
                return Step.Fits;
            }

            isText = false;
        }
    }
}

/// <summary>MessagePack (github.com/msgpack/msgpack/blob/master/spec.md).</summary>
internal sealed class MessagePackWalk(ReadOnlySpan<byte> bytes, bool isWhole) : ValueWalk(bytes.ToArray(), isWhole)
{
    protected override Step Next()
    {
        var lead = Bytes[At++];
        return lead switch
        {
            <= 0x7F or >= 0xE0 => Scalar(0),
            <= 0x8F => Begin(lead & 15, isMap: true),
            <= 0x9F => Begin(lead & 15, isMap: false),
            <= 0xBF => Text(lead & 31),
            0xC0 or 0xC2 or 0xC3 => Scalar(0),
            0xC1 => Step.Wrong,
            0xC4 => Size(1, Scalar),
            0xC5 => Size(2, Scalar),
            0xC6 => Size(4, Scalar),
            0xC7 => Size(1, n => Scalar(n + 1)),
            0xC8 => Size(2, n => Scalar(n + 1)),
            0xC9 => Size(4, n => Scalar(n + 1)),
            0xCA or 0xCE or 0xD2 => Scalar(4),
            0xCB or 0xCF or 0xD3 => Scalar(8),
            0xCC or 0xD0 => Scalar(1),
            0xCD or 0xD1 => Scalar(2),
            >= 0xD4 and <= 0xD8 => Scalar((1 << (lead - 0xD4)) + 1),
            0xD9 => Size(1, Text),
            0xDA => Size(2, Text),
            0xDB => Size(4, Text),
            0xDC => Size(2, n => Begin(n, isMap: false)),
            0xDD => Size(4, n => Begin(n, isMap: false)),
            0xDE => Size(2, n => Begin(n, isMap: true)),
            0xDF => Size(4, n => Begin(n, isMap: true)),
        };
    }

    Step Size(int bytes, Func<long, Step> then)
    {
        var size = bytes switch { 1 => U8(Bytes, At), 2 => U16Big(Bytes, At), _ => U32Big(Bytes, At) };
        if (size < 0)
            return Step.Cut;
        At += bytes;
        return then(size);
    }
}

/// <summary>CBOR (RFC 8949).</summary>
internal sealed class CborWalk(ReadOnlySpan<byte> bytes, bool isWhole) : ValueWalk(bytes.ToArray(), isWhole)
{
    protected override Step Next()
    {
        var lead = Bytes[At++];
        var (major, info) = (lead >> 5, lead & 31);
        if (lead == 0xFF)
            return Break();
        if (info is > 27 and < 31)
            return Step.Wrong;
        var value = info switch
        {
            < 24 => info,
            24 => U8(Bytes, At),
            25 => U16Big(Bytes, At),
            26 => U32Big(Bytes, At),
            27 => I64Big(Bytes, At) is var wide && At + 8 > Bytes.Length ? -1 : wide is < 0 && major > 1 ? -2 : Math.Abs(Math.Max(wide, long.MinValue + 1)),
            _ => Open,
        };
        if (value == -1)
            return Step.Cut;
        if (value < -1)
            return Step.Wrong;
        At += info switch { 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => 0 };
        return (major, info == 31) switch
        {
            (0 or 1, false) => Scalar(0),
            (2, false) => Scalar(value),
            (3, false) => Text(value),
            (4, _) => Begin(value, isMap: false),
            (5, _) => Begin(value, isMap: true),
            (6, false) => At >= Bytes.Length ? Step.Cut : Step.Fits,
            (7, false) => info is < 20 ? Step.Wrong : Scalar(0),
            (2 or 3, true) => Begin(Open, isMap: false),
            _ => Step.Wrong,
        };
    }
}

/// <summary>Protocol Buffers without a description: fields whose numbers and lengths are possible.</summary>
internal static class MessageWalk
{
    const int MostDepth = 16;

    public static bool Fits(ReadOnlySpan<byte> message, int depth, ref int fields)
    {
        for (var at = 0; at < message.Length;)
        {
            if (Protocol.Varint(message, ref at) is not { } key || key >> 3 is 0 or > 2048)
                return false;
            switch (key & 7)
            {
                case 0:
                    if (Protocol.Varint(message, ref at) is null)
                        return false;
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                case 2:
                    if (Protocol.Varint(message, ref at) is not { } size || size > (ulong)(message.Length - at))
                        return false;
                    at += (int)size;
                    break;
                default:
                    return false;
            }

            if (at > message.Length)
                return false;
            fields++;
        }

        return depth <= MostDepth;
    }
}
