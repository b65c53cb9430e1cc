using System.Buffers.Binary;

namespace DataIngestion.Tabular.Tests;

/// <summary>Damage that random changes seldom hit.</summary>
public sealed class ParquetDamageTests
{
    [Fact]
    public async Task A_length_in_a_dictionary_that_takes_the_bytes_of_later_values_is_damage()
    {
        var schema = new DataSchema([new("symbol", DataType.String)]);
        var builder = new RecordBatchBuilder(schema);
        for (var row = 0; row < 5_000; row++)
        {
            builder[0].AppendValue($"SYMBOL-{row % 4}");
            builder.EndRow();
        }

        using var output = new MemoryStream();
        await using (var writer = ParquetBatchWriter.Create(output, schema, new() { Compression = ParquetCompression.None }))
        {
            using var batch = builder.Detach();
            await writer.WriteAsync(batch, TestContext.Current.CancellationToken);
            await writer.CompleteAsync(TestContext.Current.CancellationToken);
        }

        var file = output.ToArray();
        var first = file.AsSpan().IndexOf("\x08\0\0\0SYMBOL-0\x08\0\0\0SYMBOL-1"u8);
        Assert.True(first > 0, "the dictionary is not where it was");
        // All but the last four bytes of the four values: what follows has room for a length, but for no value.
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(first), (4 * 12) - 4 - 4);

        var damage = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var batch in ParquetReader.ReadAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken))
                batch.Dispose();
        });
        Assert.Contains("symbol", damage.Message, StringComparison.Ordinal);
    }
}
