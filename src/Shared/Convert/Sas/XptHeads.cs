using System.Buffers.Binary;
using System.Globalization;

namespace DataIngestion.Conversion.Sas;

/// <summary>Reads the heads of data sets in a transport file: records of 80 bytes, and descriptions of variables of 136 or 140 (TS-140, and the record layout of versions 8 and 9).</summary>
internal sealed class XptHeads(Stream content, SasText text, int maxColumns)
{
    public const int Record = 80;
    const int MostLabelBytes = 1 << 20;
    readonly byte[] _record = new byte[Record];

    /// <summary>The record that begins a data set: version 5, or 8 and 9.</summary>
    public static bool BeginsDataset(ReadOnlySpan<byte> record) =>
        record.StartsWith("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"u8) || record.StartsWith("HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!"u8);

    /// <summary>The head of the file.</summary>
    /// <exception cref="InvalidDataException">This is no transport file.</exception>
    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        content.Position = 0;
        await NextAsync("the head", cancellationToken);
        if (!Is("LIBRARY ") && !Is("LIBV8   "))
            throw _record.AsSpan().StartsWith("**COMPRESSED**"u8)
                ? new NotSupportedException("This is a SAS CPORT file, which only SAS reads: write it as a transport file (LIBNAME xport) or SAS7BDAT.")
                : new InvalidDataException("This is no SAS transport file: it does not begin with the head of a library.");
        await NextAsync("the head", cancellationToken);
        await NextAsync("the head", cancellationToken);
    }

    /// <summary>The next data set; null at the end of the file.</summary>
    public async ValueTask<XptDataset?> NextAsync(CancellationToken cancellationToken)
    {
        if (content.Position >= content.Length)
            return null;
        await NextAsync("the head of a data set", cancellationToken);
        if (!BeginsDataset(_record))
            throw new InvalidDataException($"At byte {content.Position - Record} of the SAS transport file a data set should begin, and does not.");
        var isV8 = Is("MEMBV8  ");
        var described = Number(74, 4);
        if (described is not (136 or 140))
            throw new InvalidDataException($"The SAS transport file describes variables in {described} bytes each; 136 and 140 are known.");
        await NextAsync("the head of a data set", cancellationToken);
        await NextAsync("the head of a data set", cancellationToken);
        var name = text.Of(_record.AsSpan(8, isV8 ? 32 : 8));
        await NextAsync("the head of a data set", cancellationToken);
        await NextAsync("the head of a data set", cancellationToken);
        var count = isV8 ? Number(52, 6) : Number(54, 4);
        if (count > maxColumns)
            throw new ConversionException($"The data set '{name}' of the SAS transport file has {count} variables: at most {maxColumns} are read (columns).");
        var columns = await ColumnsAsync(count, described, isV8, cancellationToken);
        await NextAsync("the head of a data set", cancellationToken);
        if (Is("LABELV8 ") || Is("LABELV9 "))
        {
            await LabelsAsync(columns, Number(48, 5), Is("LABELV9 "), cancellationToken);
            await NextAsync("the head of a data set", cancellationToken);
        }

        if (!Is("OBS     ") && !Is("OBSV8   "))
            throw new InvalidDataException($"The rows of the data set '{name}' of the SAS transport file do not begin at byte {content.Position - Record}, where they should.");
        Place(columns);
        var rowBytes = columns.Sum(c => (long)c.Width);
        if (rowBytes > Array.MaxLength)
            throw new InvalidDataException($"A row of the data set '{name}' of the SAS transport file has {rowBytes} bytes.");
        foreach (var column in columns)
            column.Check((int)rowBytes);
        return new(name, columns, (int)rowBytes, content.Position);
    }

    /// <summary>Values lie one behind the other, in the order of the descriptions. Their NPOS is the place in the data set that was exported, which need not be that of the file.</summary>
    static void Place(List<SasColumn> columns)
    {
        var offset = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            columns[i] = columns[i] with { Offset = offset };
            offset += columns[i].Width;
        }
    }

    bool Is(string kind) => _record.AsSpan().StartsWith("HEADER RECORD*******"u8) && _record.AsSpan(20, 8).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(kind));

    int Number(int at, int length) => int.TryParse(_record.AsSpan(at, length), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"A head record of the SAS transport file before byte {content.Position} has no number where it should.");

    async ValueTask NextAsync(string what, CancellationToken cancellationToken) => await ReadAsync(_record, what, cancellationToken);

    async ValueTask ReadAsync(Memory<byte> bytes, string what, CancellationToken cancellationToken)
    {
        var at = content.Position;
        if (await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken) < bytes.Length)
            throw new InvalidDataException($"The SAS transport file is cut off in {what} at byte {at}.");
    }

    async ValueTask<List<SasColumn>> ColumnsAsync(int count, int size, bool isV8, CancellationToken cancellationToken)
    {
        var columns = new List<SasColumn>();
        var bytes = new byte[size];
        for (var i = 0; i < count; i++)
        {
            await ReadAsync(bytes, "the description of a variable", cancellationToken);
            columns.Add(Column(bytes, isV8));
        }

        await SkipFillAsync(cancellationToken);
        return columns;
    }

    SasColumn Column(ReadOnlySpan<byte> bytes, bool isV8)
    {
        var kind = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (kind is not (1 or 2))
            throw new InvalidDataException($"The SAS transport file has a variable of type {kind}, which there is not.");
        var name = text.Of(isV8 ? bytes.Slice(88, 32) : bytes.Slice(8, 8));
        if (name.Length == 0)
            name = text.Of(bytes.Slice(8, 8));
        return new(
            name, text.Of(bytes.Slice(16, 40)), text.Of(bytes.Slice(56, 8)), kind == 1, BinaryPrimitives.ReadInt32BigEndian(bytes[84..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
    }

    /// <summary>Names, labels and formats that are longer than a description holds.</summary>
    async ValueTask LabelsAsync(List<SasColumn> columns, int count, bool hasFormats, CancellationToken cancellationToken)
    {
        var head = new byte[hasFormats ? 10 : 6];
        for (var i = 0; i < count; i++)
        {
            await ReadAsync(head, "a label", cancellationToken);
            var lengths = Enumerable.Range(1, (head.Length / 2) - 1).Select(n => (int)BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(n * 2))).ToArray();
            var place = BinaryPrimitives.ReadUInt16BigEndian(head) - 1;
            if (place < 0 || place >= columns.Count || lengths.Sum() > MostLabelBytes)
                throw new InvalidDataException($"The SAS transport file has a label for variable {place + 1}; there are {columns.Count}.");
            var bytes = new byte[lengths.Sum()];
            await ReadAsync(bytes, "a label", cancellationToken);
            var (name, label) = (text.Of(bytes.AsSpan(0, lengths[0])), text.Of(bytes.AsSpan(lengths[0], lengths[1])));
            columns[place] = columns[place] with { Name = name.Length > 0 ? name : columns[place].Name, Label = label };
            if (hasFormats && lengths[2] > 0)
                columns[place] = columns[place] with { Format = text.Of(bytes.AsSpan(lengths[0] + lengths[1], lengths[2])) };
        }

        await SkipFillAsync(cancellationToken);
    }

    ValueTask SkipFillAsync(CancellationToken cancellationToken) =>
        content.Position % Record is > 0 and var used ? ReadAsync(_record.AsMemory(0, (int)(Record - used)), "blanks", cancellationToken) : ValueTask.CompletedTask;
}
