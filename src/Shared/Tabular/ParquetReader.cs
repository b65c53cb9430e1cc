using System.Runtime.CompilerServices;
using DataIngestion.Tabular.Parquet;
using DataIngestion.Tabular.Parquet.Reading;
using FileInfo = DataIngestion.Tabular.Parquet.FileInfo;

namespace DataIngestion.Tabular;

/// <summary>
/// Reads a Parquet file as batches: every physical and logical type, nested columns, every encoding and codec but LZO.
/// Memory holds a batch and one page a column. The stream must be seekable and is left open.
/// </summary>
/// <remarks>
/// Maps are lists of structs of key and value. Unsigned integers of up to 32 bits, 16-bit floating numbers and INT96 timestamps are widened exactly;
/// UUIDs are text, intervals ISO 8601 text; what has no type here (variants, shapes, unknown annotations) keeps its stored form.
/// </remarks>
public sealed class ParquetReader
{
    /// <summary>Rows of a batch at most.</summary>
    public const int BatchRows = 65_536;

    /// <summary>Bytes of one column of a batch at which it has fewer rows.</summary>
    const long BatchBytes = 64 << 20;

    const int MaxFooter = 256 << 20;
    const long WindowBytes = 64 << 20;
    readonly Stream _input;
    readonly long _length;
    readonly FileInfo _file;
    readonly ReadPlan _plan;

    ParquetReader(Stream input, FileInfo file, ReadPlan plan) => (_input, _length, _file, _plan) = (input, input.Length, file, plan);

    /// <summary>The columns of the file.</summary>
    public DataSchema Schema => _plan.Schema;

    /// <summary>Rows of the file.</summary>
    public long Rows => _file.Rows;

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<long> RowGroups => [.. _file.Groups.Select(g => g.Rows)];

    /// <summary>Key-value metadata of the footer.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <summary>Reads the footer.</summary>
    /// <exception cref="InvalidDataException">The stream is not a Parquet file, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The file is encrypted, its data lie in other files, or it has a column that cannot be read.</exception>
    public static async ValueTask<ParquetReader> OpenAsync(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.CanSeek)
            throw new ArgumentException("A Parquet file is read from its end; the stream must be seekable.", nameof(input));
        var tail = new byte[8];
        if (input.Length < 12)
            throw new InvalidDataException($"A Parquet file has at least 12 bytes, this one {input.Length}.");
        input.Position = input.Length - 8;
        await input.ReadExactlyAsync(tail, cancellationToken);
        if (tail.AsSpan(4).SequenceEqual("PARE"u8))
            throw Encrypted();
        var length = BitConverter.ToInt32(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length < 1 || length > input.Length - 12 || length > MaxFooter)
            throw new InvalidDataException("This is no complete Parquet file: it does not end in a footer and 'PAR1'.");
        var footer = new byte[length];
        input.Position = input.Length - 8 - length;
        await input.ReadExactlyAsync(footer, cancellationToken);
        var file = FooterReader.Read(footer);
        if (file.IsEncrypted)
            throw Encrypted();
        var plan = ReadPlan.Of(file);
        Check(file, plan);
        return new(input, file, plan);
    }

    static NotSupportedException Encrypted() => new("The Parquet file is encrypted; decrypt it first.");

    static void Check(FileInfo file, ReadPlan plan)
    {
        var rows = (Int128)0;
        foreach (var group in file.Groups)
        {
            if (group.Chunks.Length != plan.Leaves || group.Rows < 0)
                throw new InvalidDataException($"A row group has {group.Chunks.Length} columns and {group.Rows} rows; the schema has {plan.Leaves} columns of values.");
            if (Array.Exists(group.Chunks, c => c.IsElsewhere))
                throw new NotSupportedException("A column lies in another file, which is not read.");
            rows += group.Rows;
        }

        if (rows != file.Rows)
            throw new InvalidDataException($"The file says {file.Rows} rows, its row groups {rows}.");
    }

    /// <summary>Opens and reads in one call.</summary>
    /// <param name="input">A seekable stream.</param>
    /// <param name="columns">The columns wanted, in that order; null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        Stream input, IReadOnlyList<string>? columns = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = await OpenAsync(input, cancellationToken);
        await foreach (var batch in reader.ReadAsync(columns, cancellationToken))
            yield return batch;
    }

    /// <summary>The rows as batches of at most <see cref="BatchRows"/>; a batch never spans row groups. The caller disposes each batch.</summary>
    /// <param name="columns">The columns wanted, in that order; null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ArgumentException">The file lacks one of the columns.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(IReadOnlyList<string>? columns = null, CancellationToken cancellationToken = default)
    {
        int[] places = columns is null
            ? [.. Enumerable.Range(0, Schema.Count)]
            : [.. columns.Select(c => Schema.IndexOf(c) is >= 0 and var i
                ? i
                : throw new ArgumentException($"There is no column '{c}'; there are {string.Join(", ", Schema.Select(s => s.Name))}.", nameof(columns)))];
        return Batches(places, cancellationToken);
    }

    async IAsyncEnumerable<RecordBatch> Batches(int[] places, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var schema = new DataSchema(places.Select(p => Schema[p]));
        ReadNode[] nodes = [.. places.Select(p => _plan.Nodes[p])];
        var window = (int)Math.Clamp(WindowBytes / Math.Max(1, nodes.Sum(n => n.Leaves.Count)), 1 << 15, 1 << 20);
        using var decompressor = new PageDecompressor();
        foreach (var group in _file.Groups)
        {
            var columns = nodes.Select((n, i) => new ColumnReader(n, schema[i].Name, group, l => Open(group.Chunks[l.Place], window, decompressor))).ToArray();
            try
            {
                for (var left = group.Rows; left > 0;)
                {
                    var take = (int)Math.Min(left, BatchRows);
                    foreach (var column in columns)
                        take = (int)Math.Clamp(BatchBytes / Math.Max(1, await column.RowBytesAsync(cancellationToken)), 1, take);
                    left -= take;
                    yield return await BatchAsync(schema, columns, take, left == 0, cancellationToken);
                }
            }
            finally
            {
                Array.ForEach(columns, c => c.Dispose());
            }
        }
    }

    PageReader Open(ChunkInfo chunk, int window, PageDecompressor decompressor) =>
        new(new ChunkBytes(_input, _length, chunk.Start, chunk.Compressed, window), chunk.Codec, _file.HidesCompression, decompressor);

    static async ValueTask<RecordBatch> BatchAsync(DataSchema schema, ColumnReader[] columns, int rows, bool isLast, CancellationToken cancellationToken)
    {
        var vectors = new List<ColumnVector>(columns.Length);
        try
        {
            foreach (var column in columns)
                vectors.Add(await column.ReadAsync(rows, isLast, cancellationToken));
            return new(schema, vectors);
        }
        catch
        {
            vectors.ForEach(v => v.Dispose());
            throw;
        }
    }
}
