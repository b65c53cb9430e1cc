using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Tabular.Parquet;
using FileInfo = DataIngestion.Tabular.Parquet.FileInfo;

namespace DataIngestion.Tabular;

/// <summary>
/// Reads a Parquet file of flat columns as batches: every physical type; plain and dictionary pages of versions 1 and 2; zstd, snappy, gzip and none.
/// Memory holds a batch and one page a column. The stream must be seekable and is left open.
/// </summary>
public sealed class ParquetReader
{
    /// <summary>Rows of a batch.</summary>
    public const int BatchRows = 65_536;

    const int MaxFooter = 256 << 20;
    readonly Stream _input;
    readonly FileInfo _file;
    readonly SchemaElement[] _leaves;

    ParquetReader(Stream input, FileInfo file, SchemaElement[] leaves, DataSchema schema) =>
        (_input, _file, _leaves, Schema) = (input, file, leaves, schema);

    /// <summary>The columns of the file.</summary>
    public DataSchema Schema { get; }

    /// <summary>Rows of the file.</summary>
    public long Rows => _file.Rows;

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<long> RowGroups => [.. _file.Groups.Select(g => g.Rows)];

    /// <summary>Key-value metadata of the footer.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <summary>Reads the footer.</summary>
    /// <exception cref="InvalidDataException">The stream is not a Parquet file, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The file is encrypted, or has nested columns.</exception>
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
            throw new NotSupportedException("The Parquet file is encrypted; decrypt it first.");
        var length = BitConverter.ToInt32(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length < 1 || length > input.Length - 12 || length > MaxFooter)
            throw new InvalidDataException("This is no complete Parquet file: it does not end in a footer and 'PAR1'.");
        var footer = new byte[length];
        input.Position = input.Length - 8 - length;
        await input.ReadExactlyAsync(footer, cancellationToken);
        var file = FooterReader.Read(footer);
        var (leaves, schema) = Interpret(file);
        return new(input, file, leaves, schema);
    }

    static (SchemaElement[] Leaves, DataSchema Schema) Interpret(FileInfo file)
    {
        if (file.Elements.Length == 0)
            throw new InvalidDataException("The file's schema is empty.");
        var leaves = file.Elements[1..];
        if (leaves.FirstOrDefault(e => e.Children > 0 || e.Physical is null || e.Repetition is < 0 or > 1) is { } nested)
            throw new NotSupportedException($"Column '{nested.Name}' is nested or repeated; only flat columns can be read.");
        var columns = new DataColumn[leaves.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var (type, problem) = leaves[i].ToDataType();
            columns[i] = new(leaves[i].Name, type ?? throw new NotSupportedException($"Column '{leaves[i].Name}' {problem}."), leaves[i].Repetition == 1);
        }

        foreach (var group in file.Groups)
        {
            if (group.Chunks.Length != leaves.Length || group.Rows < 0)
                throw new InvalidDataException($"A row group has {group.Chunks.Length} columns and {group.Rows} rows; the schema has {leaves.Length} columns.");
            if (Array.Exists(group.Chunks, c => c.IsElsewhere))
                throw new NotSupportedException("A column lies in another file.");
        }

        if (file.Groups.Sum(g => g.Rows) != file.Rows)
            throw new InvalidDataException($"The file says {file.Rows} rows, its row groups {file.Groups.Sum(g => g.Rows)}.");
        try
        {
            return (leaves, SchemaNote.Apply(new(columns), file.Metadata));
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
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
        var builder = new RecordBatchBuilder(new(places.Select(p => Schema[p])));
        using var decompressor = new PageDecompressor();
        foreach (var group in _file.Groups)
        {
            var readers = Array.ConvertAll(
                places, p => new ChunkReader(_input, group.Chunks[p], _leaves[p], Schema[p].Type, Schema[p].Nullable, decompressor));
            try
            {
                for (var left = group.Rows; left > 0;)
                {
                    var take = (int)Math.Min(left, BatchRows);
                    for (var i = 0; i < readers.Length; i++)
                        await ReadColumnAsync(readers[i], builder, i, take, cancellationToken);
                    builder.EndRows(take);
                    left -= take;
                    yield return builder.Detach();
                }
            }
            finally
            {
                Array.ForEach(readers, r => r.Dispose());
            }
        }
    }

    static async ValueTask ReadColumnAsync(ChunkReader reader, RecordBatchBuilder builder, int column, int rows, CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadAsync(builder[column], rows, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException($"Column '{builder.Schema[column].Name}': {damaged.Message}", damaged);
        }
        catch (NotSupportedException unknown)
        {
            throw new NotSupportedException($"Column '{builder.Schema[column].Name}': {unknown.Message}", unknown);
        }
    }
}
