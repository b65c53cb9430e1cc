using System.Text;
using DataIngestion.TestKit;
using DuckDB.NET.Data;
using ParquetSharp;

namespace DataIngestion.Tabular.Tests;

/// <summary>Text and floating numbers whose values call for different encodings; read by us, DuckDB, ParquetSharp and Parquet.Net.</summary>
public sealed class ParquetTextEncodingTests
{
    const int Rows = 9000;

    public static TheoryData<string, int> Texts => new()
    {
        { "few words", (int)ParquetSharp.Encoding.RleDictionary },
        { "no repetition", (int)ParquetSharp.Encoding.DeltaLengthByteArray },
        { "sorted keys", (int)ParquetSharp.Encoding.DeltaByteArray },
        { "empty and long", (int)ParquetSharp.Encoding.DeltaLengthByteArray },
        { "words that stop repeating", (int)ParquetSharp.Encoding.DeltaLengthByteArray },
    };

    static string Text(string kind, int row, Random random) => kind switch
    {
        "few words" => "w" + random.Next(40),
        "no repetition" => random.NextInt64().ToString("x16")[..random.Next(3, 17)] + row,
        "sorted keys" => $"ORDER-2024-{row:000000}",
        "empty and long" => row % 2 == 0 ? "" : new string((char)('a' + random.Next(26)), random.Next(1, 300)) + row,
        _ => row < 6000 ? "w" + random.Next(4) : random.NextInt64().ToString("x16"),
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_is_read_again_by_everyone(string kind, int encoding)
    {
        var random = new Random(3);
        var texts = Enumerable.Range(0, Rows).Select(row => row % 11 == 0 ? null : Text(kind, row, random)).ToArray();
        using var batch = Batch(DataType.String, texts);
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("text.parquet");
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, new() { PageRows = 2000, DictionaryBytes = 2000 }, 700), TestContext.Current.CancellationToken);

        Assert.Equal(texts, await OursAsync(path));
        Assert.Equal(texts, Duck(path).Cast<string?>());
        Assert.Equal(texts, await NetAsync(path));
        using var file = new ParquetFileReader(path);
        using var group = file.RowGroup(0);
        using var chunk = group.Column(0);
        Assert.Equal(texts, chunk.LogicalReader<string>().ReadAll(Rows));
        Assert.Contains((ParquetSharp.Encoding)encoding, group.MetaData.GetColumnChunkMetaData(0).Encodings);
    }

    public static TheoryData<string, int> Numbers => new()
    {
        { "few values", (int)ParquetSharp.Encoding.RleDictionary },
        { "a walk", (int)ParquetSharp.Encoding.ByteStreamSplit },
        { "any bits", (int)ParquetSharp.Encoding.Plain },
    };

    static double Number(string kind, int row, Random random) => kind switch
    {
        "few values" => random.Next(50) * 0.01,
        "a walk" => 100 + Math.Sin(row) + random.NextDouble() / 100,
        _ => row % 100 == 0 ? double.NaN : BitConverter.Int64BitsToDouble(random.NextInt64(0x3000000000000000, 0x4000000000000000)),
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Floating_numbers_are_read_again_by_everyone(string kind, int encoding)
    {
        var random = new Random(6);
        var numbers = Enumerable.Range(0, Rows).Select(row => Number(kind, row, random)).ToArray();
        using var batch = Batch(DataType.Double, numbers.Cast<object>().ToArray());
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("numbers.parquet");
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, new() { PageRows = 2000 }, 700), TestContext.Current.CancellationToken);

        Assert.Equal(numbers, (await OursAsync(path)).Cast<double>());
        Assert.Equal(numbers, Duck(path).Cast<double>());
        Assert.Equal(numbers, (await NetAsync(path)).Cast<double>());
        using var file = new ParquetFileReader(path);
        using var group = file.RowGroup(0);
        using var chunk = group.Column(0);
        Assert.Equal(numbers, chunk.LogicalReader<double?>().ReadAll(Rows).Select(n => n!.Value));
        Assert.Contains((ParquetSharp.Encoding)encoding, group.MetaData.GetColumnChunkMetaData(0).Encodings);
    }

    [Theory]
    [InlineData(ParquetCompression.Zstd, 3), InlineData(ParquetCompression.Snappy, 1), InlineData(ParquetCompression.Gzip, 6), InlineData(ParquetCompression.None, 1)]
    public async Task Every_codec_is_read_again_by_everyone(ParquetCompression codec, int level)
    {
        var texts = Enumerable.Range(0, Rows).Select(row => row % 3 == 0 ? "same" : "w" + row).ToArray();
        using var batch = Batch(DataType.String, texts);
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("codec.parquet");
        var options = new ParquetWriteOptions { Compression = codec, CompressionLevel = level };
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, options, 700), TestContext.Current.CancellationToken);

        Assert.Equal(texts, await OursAsync(path));
        Assert.Equal(texts, Duck(path).Cast<string?>());
        Assert.Equal(texts, await NetAsync(path));
    }

    [Theory]
    [InlineData("few words"), InlineData("no repetition"), InlineData("sorted keys"), InlineData("words that stop repeating")]
    public async Task Classic_files_have_plain_and_dictionary_pages_only(string kind)
    {
        var random = new Random(3);
        var schema = new DataSchema([new("value", DataType.String), new("time", DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true)), new("number", DataType.Double)]);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < Rows; row++)
        {
            builder[0].AppendValue(Text(kind, row, random));
            builder[1].AppendValue(new TimestampValue(1_700_000_000_000_000_000 + row, TimeUnit.Nanoseconds, IsUtc: true));
            builder[2].AppendValue(Number("a walk", row, random));
            builder.EndRow();
        }

        using var batch = builder.Detach();
        using var folder = new TemporaryFolder("tabular");
        var path = folder.File("classic.parquet");
        await File.WriteAllBytesAsync(path, await ParquetRoundTripTests.Write(batch, new() { Classic = true, PageRows = 2000 }, 700), TestContext.Current.CancellationToken);

        var texts = Enumerable.Range(0, Rows).Select(batch.Columns[0].GetText).ToArray();
        Assert.Equal(texts, await OursAsync(path));
        Assert.Equal(texts, await NetAsync(path));
        using var file = new ParquetFileReader(path);
        using var group = file.RowGroup(0);
        ParquetSharp.Encoding[] classic = [ParquetSharp.Encoding.Rle, ParquetSharp.Encoding.Plain, ParquetSharp.Encoding.RleDictionary];
        for (var c = 0; c < 3; c++)
            Assert.Subset(classic.ToHashSet(), group.MetaData.GetColumnChunkMetaData(c).Encodings.ToHashSet());
    }

    static RecordBatch Batch(DataType type, object?[] values)
    {
        var builder = new RecordBatchBuilder(new([new("value", type)]));
        foreach (var value in values)
        {
            builder[0].AppendValue(value);
            builder.EndRow();
        }

        return builder.Detach();
    }

    static async Task<List<object?>> OursAsync(string path)
    {
        var values = new List<object?>();
        using var file = File.OpenRead(path);
        await foreach (var batch in ParquetReader.ReadAsync(file, null, TestContext.Current.CancellationToken))
        {
            using (batch)
                values.AddRange(Enumerable.Range(0, batch.Count).Select(batch.Columns[0].GetValue));
        }

        return values;
    }

    static List<object?> Duck(string path)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select value from '{path}'";
        using var reader = command.ExecuteReader();
        var values = new List<object?>();
        while (reader.Read())
            values.Add(reader.IsDBNull(0) ? null : reader.GetValue(0));
        return values;
    }

    static async Task<List<object?>> NetAsync(string path)
    {
        using var stream = File.OpenRead(path);
        await using var reader = await global::Parquet.ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        var field = reader.Schema.DataFields[0];
        var values = new List<object?>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            values.AddRange(await NetAsync(group, field));
        }

        return values;
    }

    static async Task<IEnumerable<object?>> NetAsync(global::Parquet.ParquetRowGroupReader group, global::Parquet.Schema.DataField field)
    {
        if (field.ClrType == typeof(double))
        {
            var numbers = new double?[group.RowCount];
            await group.ReadAsync<double>(field, numbers.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            return numbers.Cast<object?>();
        }

        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        return texts;
    }
}
