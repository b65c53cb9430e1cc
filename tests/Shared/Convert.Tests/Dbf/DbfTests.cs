using System.Buffers.Binary;
using System.Text;
using DataIngestion.Tabular;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Dbf;

public sealed class DbfTests
{
    [Fact]
    public async Task Fields_of_dBASE_have_types_and_deleted_records_are_counted()
    {
        var file = Table(0x03, 0x57, [("SYMBOL", 'C', 6, 0), ("PRICE", 'N', 9, 3), ("QTY", 'N', 8, 0), ("DAY", 'D', 8, 0), ("OPEN", 'L', 1, 0), ("BIG", 'F', 20, 4)],
            [" ", "AB\u00e9   ", "   12.500", "     -42", "20240102", "T", "  1234567890123.4567"],
            ["*", "XX    ", "    1.000", "       1", "20240103", "F", "              0.0000"],
            [" ", "      ", "         ", "        ", "        ", "?", "                    "]);

        var converted = await Conversions.RunAsync(file, Conversions.As("dbf"));

        Assert.Equal(
            "SYMBOL string,PRICE decimal(18,3),QTY int64,DAY date,OPEN boolean,BIG decimal(38,4)", string.Join(',', converted.Schema.Select(c => $"{c.Name} {c.Type}")));
        Assert.Equal(["ABé", 12.500m, -42L, new DateOnly(2024, 1, 2), true, new ExactDecimal(12_345_678_901_234_567, 4)], converted.Rows[0]);
        Assert.Equal(["", null, null, null, null, null], converted.Rows[1]);
        Assert.Equal("1 records are marked as deleted and left out.", Assert.Single(converted.Result.Notes));
    }

    [Fact]
    public async Task A_value_that_is_not_what_its_field_says_makes_the_column_text()
    {
        var file = Table(0x03, 0x03, [("D", 'D', 8, 0), ("N", 'N', 6, 0)], [" ", "20240230", "  12.5"], [" ", "20240101", "******"]);

        var converted = await Conversions.RunAsync(file, Conversions.As("dbf"));

        Assert.Equal([["20240230", "12.5"], ["20240101", "******"]], converted.Rows);
        Assert.Contains("Column 'D' is text: '20240230' (record 1) is no date.", converted.Result.Notes);
    }

    [Fact]
    public async Task Fields_of_Visual_FoxPro_are_binary()
    {
        var file = Table(0x30, 0x03, [("I", 'I', 4, 0), ("B", 'B', 8, 0), ("Y", 'Y', 8, 0), ("T", 'T', 8, 0)]);
        byte[] record = [(byte)' ', .. BitConverter.GetBytes(-7), .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(12_345L), .. BitConverter.GetBytes(2_440_589), .. BitConverter.GetBytes(1_500)];

        var converted = await Conversions.RunAsync(With(file, record), Conversions.As("dbf"));

        Assert.Equal([-7L, 1.5, 1.2345m], converted.Rows[0].Take(3));
        Assert.Equal("1970-01-02T00:00:01.5", converted[0, "T"]!.ToString());
    }

    [Fact]
    public async Task Memos_are_told_or_read_from_the_file_that_the_option_names()
    {
        using var folder = new TemporaryFolder("dbf");
        var memo = new byte[512 * 3];
        Encoding.ASCII.GetBytes("a long text\u001a\u001a").CopyTo(memo, 512);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "t.dbt"), memo, TestContext.Current.CancellationToken);
        var file = Table(0x83, 0x03, [("A", 'C', 2, 0), ("NOTE", 'M', 10, 0)], [" ", "x ", "         1"], [" ", "y ", "          "]);
        var hint = new FormatHint { Format = "dbf", OptionFolder = folder.Path, Options = new Dictionary<string, string> { ["memo"] = "t.dbt" } };

        var without = await Conversions.RunAsync(file, Conversions.As("dbf"));
        var with = await Conversions.RunAsync(file, new() { Hint = hint });

        Assert.Equal(["A"], without.Schema.Select(c => c.Name));
        Assert.Contains("The columns NOTE are left out", Assert.Single(without.Result.Notes), StringComparison.Ordinal);
        Assert.Equal(["a long text", null], with.Rows.Select(r => r[1]));
    }

    [Theory]
    [InlineData(0x65, null, "Ж")]
    [InlineData(0x00, null, "†")]
    [InlineData(0x00, "ibm866", "Ж")]
    public async Task Text_is_in_the_code_page_of_the_table_or_of_the_option(byte driver, string? option, string expected)
    {
        var file = Table(0x03, driver, [("A", 'C', 1, 0)]);
        var options = option is null ? [] : new Dictionary<string, string> { ["code-page"] = option };

        var converted = await Conversions.RunAsync(With(file, [(byte)' ', 0x86]), new() { Hint = new() { Format = "dbf", Options = options } });

        Assert.Equal(expected, converted[0, "A"]);
        Assert.Equal(driver == 0 && option is null ? 1 : 0, converted.Result.Notes.Count);
    }

    [Fact]
    public async Task What_is_cut_or_no_table_is_refused()
    {
        var file = Table(0x03, 0x03, [("A", 'C', 2, 0)], [" ", "x "], [" ", "y "]);

        Assert.Contains("cut off: its header says 2 records", (await Refusal(file[..^3])).Message, StringComparison.Ordinal);
        Assert.Contains("no DBF table", (await Refusal([0x77, .. file[1..]])).Message, StringComparison.Ordinal);
        Assert.Contains("starts with the byte", (await Refusal([.. file[..^4], (byte)'!', .. file[^3..]])).Message, StringComparison.Ordinal);
    }

    static Task<ConversionException> Refusal(byte[] file) => Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(file, Conversions.As("dbf")));

    /// <summary>Small tables, for fuzzing.</summary>
    internal static IReadOnlyList<byte[]> Seeds() =>
    [
        Table(0x03, 0x57, [("S", 'C', 6, 0), ("P", 'N', 9, 3), ("D", 'D', 8, 0), ("L", 'L', 1, 0)], [" ", "AB    ", "   12.500", "20240102", "T"], [" ", "CD    ", "    0.500", "        ", "F"]),
        With(Table(0x30, 0x03, [("I", 'I', 4, 0), ("B", 'B', 8, 0), ("V", 'V', 5, 0), ("_NullFlags", '0', 1, 0)]), [(byte)' ', 1, 0, 0, 0, .. BitConverter.GetBytes(2.5), 65, 66, 0, 0, 2, 1]),
    ];

    static byte[] With(byte[] table, byte[] record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(4), 1);
        return [.. table[..^1], .. record, 0x1A];
    }

    static byte[] Table(byte version, byte driver, (string Name, char Kind, byte Length, byte Decimals)[] fields, params string[][] records)
    {
        var header = new byte[32 + fields.Length * 32 + 1];
        header[0] = version;
        header[29] = driver;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), records.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(8), (short)header.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(10), (short)(1 + fields.Sum(f => f.Length)));
        for (var i = 0; i < fields.Length; i++)
        {
            Encoding.ASCII.GetBytes(fields[i].Name).CopyTo(header, 32 + i * 32);
            (header[32 + i * 32 + 11], header[32 + i * 32 + 16], header[32 + i * 32 + 17]) = ((byte)fields[i].Kind, fields[i].Length, fields[i].Decimals);
        }

        header[^1] = 0x0D;
        return [.. header, .. records.SelectMany(r => r.SelectMany(Encoding.Latin1.GetBytes)), 0x1A];
    }
}
