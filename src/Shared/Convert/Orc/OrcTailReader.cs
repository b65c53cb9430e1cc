namespace DataIngestion.Conversion.Orc;

/// <summary>Reads a file's end: the postscript (never compressed), and the footer before it. Layout: orc.apache.org/specification/ORCv1, "File Tail".</summary>
internal static class OrcTailReader
{
    const int MaxFooterBytes = 64 << 20;
    const int MaxTypes = 1 << 16;
    const int LargestBlock = 1 << 23; // a chunk's length has 23 bits
    const int UsualBlock = 256 << 10;
    const int ProlepticCalendar = 2;
    const long FreeRows = 64L << 20;
    const int MostRowsPerByte = 1_000;

    public static OrcTail Read(Stream content, ConversionLimits limits)
    {
        var length = content.Length;
        if (length == 0)
            throw new InvalidDataException("The content is empty: an ORC file has at least a postscript.");
        var end = Bytes(content, Math.Max(0, length - 256), (int)Math.Min(256, length));
        var size = end[^1];
        if (size + 1 > length)
            throw NotOrc();
        var postscript = LastMessage(end.AsSpan(end.Length - 1 - size, size));
        if (!postscript.HasMagic && !Bytes(content, 0, (int)Math.Min(3, length)).AsSpan().SequenceEqual("ORC"u8))
            throw NotOrc();
        postscript.Check();
        if (postscript.FooterLength > length - 1 - size || postscript.FooterLength > MaxFooterBytes)
            throw new InvalidDataException($"The ORC file is damaged or cut off: its footer would have {postscript.FooterLength} of {length} bytes.");
        var packing = new OrcPacking(postscript.Compression, Math.Min(postscript.BlockSize == 0 ? UsualBlock : postscript.BlockSize, LargestBlock), length, limits);
        var stored = new OrcStream(content, length - 1 - size - postscript.FooterLength, postscript.FooterLength, packing);
        return Footer(stored.ReadToEnd(MaxFooterBytes, "the footer"), postscript, packing.BlockSize, length);
    }

    static Postscript LastMessage(ReadOnlySpan<byte> message)
    {
        try
        {
            return Postscript.Of(message);
        }
        catch (InvalidDataException)
        {
            throw NotOrc();
        }
    }

    static OrcTail Footer(ReadOnlySpan<byte> bytes, Postscript postscript, int blockSize, long length)
    {
        var types = new List<OrcType>();
        var stripes = new List<OrcStripe>();
        var bounds = new Dictionary<int, TimestampBounds>();
        var names = new List<string>();
        var (rows, calendar, writer, column) = (0L, 0, 0, 0);
        var footer = new ProtoReader(bytes);
        while (footer.Next())
        {
            switch (footer.Field)
            {
                case 3:
                    stripes.Add(Stripe(footer.Bytes(), length));
                    break;
                case 4:
                    types.Add(Type(footer.Bytes()));
                    break;
                case 5:
                    names.Add(MetadataName(footer.Bytes()));
                    break;
                case 6:
                    rows = footer.Length();
                    break;
                case 7:
                    if (Bounds(footer.Bytes()) is { } found)
                        bounds[column] = found;
                    column++;
                    break;
                case 9:
                    writer = footer.Small();
                    break;
                case 10:
                    Encryption(footer.Bytes());
                    break;
                case 11:
                    calendar = footer.Small();
                    break;
                default:
                    footer.Skip();
                    break;
            }
        }

        CheckTree(types);
        CheckRows(stripes, rows, length);
        return new()
        {
            Compression = postscript.Compression,
            BlockSize = blockSize,
            Types = types,
            Stripes = stripes,
            Rows = rows,
            HasShortDecimals = postscript.IsDraft,
            // Java writers that do not say used java.util's calendar; other writers never knew another than the proleptic one.
            IsHybridCalendar = calendar != ProlepticCalendar && (calendar == 1 || writer == 0),
            Timestamps = bounds,
            MetadataNames = names,
            VersionNote = postscript.VersionNote,
            FileLength = length,
        };
    }

    static OrcStripe Stripe(ReadOnlySpan<byte> message, long length)
    {
        var (offset, index, data, footer, rows) = (0L, 0L, 0L, 0L, 0L);
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    offset = fields.Length();
                    break;
                case 2:
                    index = fields.Length();
                    break;
                case 3:
                    data = fields.Length();
                    break;
                case 4:
                    footer = fields.Length();
                    break;
                case 5:
                    rows = fields.Length();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return offset <= length && index <= length - offset && data <= length - offset - index && footer <= Math.Min(length - offset - index - data, MaxFooterBytes)
            ? new(offset, index, data, (int)footer, rows)
            : throw new InvalidDataException($"The ORC file is damaged or cut off: a stripe at byte {offset} would end behind its {length} bytes.");
    }

    static OrcType Type(ReadOnlySpan<byte> message)
    {
        var (kind, precision, scale) = (0, 0, 0);
        var children = new List<int>();
        var names = new List<string>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    kind = fields.Small();
                    break;
                case 2:
                    fields.AddTo(children);
                    break;
                case 3:
                    names.Add(fields.Text());
                    break;
                case 5:
                    precision = fields.Small();
                    break;
                case 6:
                    scale = fields.Small();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return kind <= (int)OrcKind.Geography
            ? new((OrcKind)kind, children, names, precision, scale)
            : throw new NotSupportedException($"The ORC file has a type of the unknown kind {kind}. Have it written for version 1 of the format.");
    }

    static string MetadataName(ReadOnlySpan<byte> message)
    {
        var name = "";
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1)
                name = fields.Text();
            else
                fields.Skip();
        }

        return name;
    }

    static TimestampBounds? Bounds(ReadOnlySpan<byte> message)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != 9)
            {
                fields.Skip();
                continue;
            }

            var (earliest, latest, count) = (long.MaxValue, long.MinValue, 0);
            var bounds = new ProtoReader(fields.Bytes());
            while (bounds.Next())
            {
                if (bounds.Field is < 1 or > 4)
                {
                    bounds.Skip();
                    continue;
                }

                var moment = bounds.Signed();
                (earliest, latest, count) = (Math.Min(earliest, moment), Math.Max(latest, moment), count + 1);
            }

            return count >= 2 ? new(earliest, latest) : null;
        }

        return null;
    }

    static void Encryption(ReadOnlySpan<byte> message)
    {
        var columns = new List<int>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != 3)
            {
                fields.Skip();
                continue;
            }

            var variant = new ProtoReader(fields.Bytes());
            while (variant.Next())
            {
                if (variant.Field == 1)
                    columns.Add(variant.Small());
                else
                    variant.Skip();
            }
        }

        if (columns.Count > 0)
            throw new NotSupportedException($"The ORC file has encrypted columns (type {string.Join(", ", columns.Take(10))} of its schema), which are not read. Have it delivered without encryption.");
    }

    static void CheckTree(List<OrcType> types)
    {
        if (types.Count is 0 or > MaxTypes)
            throw new InvalidDataException(types.Count == 0 ? "The ORC file is damaged: its footer has no schema." : $"The ORC file has {types.Count} types: at most {MaxTypes} are read.");
        var isTaken = new bool[types.Count];
        for (var parent = 0; parent < types.Count; parent++)
        {
            foreach (var child in types[parent].Children)
            {
                if (child <= parent || child >= types.Count || isTaken[child])
                    throw new InvalidDataException($"The ORC file is damaged: type {parent} of its schema names type {child} as a part, which cannot be.");
                isTaken[child] = true;
            }
        }
    }

    static void CheckRows(List<OrcStripe> stripes, long rows, long length)
    {
        Int128 sum = 0;
        foreach (var stripe in stripes)
            sum += stripe.Rows;
        if (sum != rows)
            throw new InvalidDataException($"The ORC file is damaged: its footer says {rows} rows, and its {stripes.Count} stripes have {sum}.");
        if (rows > FreeRows && rows / MostRowsPerByte > length)
            throw new InvalidDataException($"The ORC file claims {rows} rows in {length} bytes, more than {MostRowsPerByte} a byte, and is not read.");
    }

    static byte[] Bytes(Stream content, long offset, int length)
    {
        var bytes = new byte[length];
        content.Position = offset;
        content.ReadExactly(bytes);
        return bytes;
    }

    static InvalidDataException NotOrc() => new("The content is not an ORC file, or is cut off: neither its start nor its postscript at the end says ORC.");
}
