using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Tests.Sas;

/// <summary>Writes SAS transport files.</summary>
internal static class XptFiles
{
    /// <summary>A data set of a file.</summary>
    /// <param name="Rows">Texts, numbers, and letters of missing values.</param>
    internal sealed record Dataset(string Name, HandVariable[] Variables, object[][] Rows);

    public static byte[] Write(bool isV8, params Dataset[] datasets)
    {
        using var output = new MemoryStream();
        void Line(string text) => output.Write(Encoding.ASCII.GetBytes(text.PadRight(80)));
        void Head(string kind, string numbers) => Line($"HEADER RECORD*******{kind,-8}HEADER RECORD!!!!!!!{numbers}");
        Head(isV8 ? "LIBV8" : "LIBRARY", "000000000000000000000000000000");
        Line("SAS     SAS     SASLIB  9.4     Linux                           01JAN24:00:00:00");
        Line("01JAN24:00:00:00");
        foreach (var dataset in datasets)
        {
            Head(isV8 ? "MEMBV8" : "MEMBER", "000000000000000001600000000140");
            Head(isV8 ? "DSCPTV8" : "DSCRPTR", "000000000000000000000000000000");
            Line($"SAS     {dataset.Name.PadRight(isV8 ? 32 : 8)}SASDATA 9.4     Linux");
            Line("01JAN24:00:00:00");
            Head(isV8 ? "NAMSTV8" : "NAMESTR", $"000000{dataset.Variables.Length:0000}00000000000000000000");
            Variables(output, dataset.Variables, isV8);
            Fill(output);
            if (isV8 && dataset.Variables.Any(v => v.Label.Length > 40))
                Labels(output, dataset.Variables, Head);
            Head(isV8 ? "OBSV8" : "OBS", "000000000000000000000000000000");
            foreach (var row in dataset.Rows)
            {
                for (var i = 0; i < row.Length; i++)
                    output.Write(Value(dataset.Variables[i], row[i]));
            }

            Fill(output);
        }

        return output.ToArray();
    }

    static void Fill(MemoryStream output)
    {
        while (output.Length % 80 != 0)
            output.WriteByte((byte)' ');
    }

    static void Variables(MemoryStream output, HandVariable[] variables, bool isV8)
    {
        var offset = 0;
        for (var i = 0; i < variables.Length; i++)
        {
            var bytes = new byte[140];
            var variable = variables[i];
            BinaryPrimitives.WriteInt16BigEndian(bytes, variable.IsNumber ? (short)1 : (short)2);
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(4), (short)variable.Width);
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), (short)(i + 1));
            bytes.AsSpan(8, 80 - 8).Fill((byte)' ');
            Put(bytes.AsSpan(8, 8), variable.Name);
            Put(bytes.AsSpan(16, 40), variable.Label);
            Put(bytes.AsSpan(56, 8), variable.Format);
            bytes.AsSpan(64, 6).Clear();
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(84), variables.Sum(v => v.Width) - variable.Width - offset); // the place in the data set that was exported
            if (isV8)
                Put(bytes.AsSpan(88, 32), variable.Name.PadRight(32));
            output.Write(bytes);
            offset += variable.Width;
        }
    }

    static void Labels(MemoryStream output, HandVariable[] variables, Action<string, string> head)
    {
        head("LABELV8", $"{variables.Length}");
        for (var i = 0; i < variables.Length; i++)
        {
            var lengths = new byte[6];
            BinaryPrimitives.WriteUInt16BigEndian(lengths, (ushort)(i + 1));
            BinaryPrimitives.WriteUInt16BigEndian(lengths.AsSpan(2), (ushort)variables[i].Name.Length);
            BinaryPrimitives.WriteUInt16BigEndian(lengths.AsSpan(4), (ushort)variables[i].Label.Length);
            output.Write(lengths);
            output.Write(Encoding.ASCII.GetBytes(variables[i].Name + variables[i].Label));
        }

        Fill(output);
    }

    static void Put(Span<byte> to, string text) => Encoding.ASCII.GetBytes(text.Length > to.Length ? text[..to.Length] : text, to);

    static byte[] Value(HandVariable variable, object value)
    {
        var bytes = new byte[variable.Width];
        if (value is double number)
        {
            Ibm(number)[..variable.Width].CopyTo(bytes);
            return bytes;
        }

        if (!variable.IsNumber)
            bytes.AsSpan().Fill((byte)' ');
        Encoding.ASCII.GetBytes((string)value).CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>By division, so that nothing is shared with the reader.</summary>
    static byte[] Ibm(double value)
    {
        var bytes = new byte[8];
        if (value == 0)
            return bytes;
        var (power, size) = (64, Math.Abs(value));
        for (; size >= 1; power++)
            size /= 16;
        for (; size < 1.0 / 16; power--)
            size *= 16;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(size * Math.Pow(2, 56)));
        bytes[0] = (byte)((value < 0 ? 0x80 : 0) | power);
        return bytes;
    }

    public static Dataset Prices { get; } = new(
        "PRICES", [new("SYMBOL", false, 6), new("PRICE", true, 8), new("DAY", true, 4, "DATE"), new("AT", true, 8, "DATETIME")],
        [["AAA", 1.25, 23376.0, 2_019_686_400.5], ["BBB", ".", 0.0, -1.0], ["", "A", -3653.0, 0.0]]);

    public static Dataset Codes { get; } = new("CODES", [new("CODE", false, 3)], [["a"], [""], ["cc"]]);

    public static IReadOnlyList<byte[]> Seeds() => [Write(false, Prices), Write(true, Prices)];
}
