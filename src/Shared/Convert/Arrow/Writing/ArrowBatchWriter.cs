using System.Buffers.Binary;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Arrow.Writing;

/// <summary>
/// Writes Arrow IPC, metadata version V5, little-endian: the file format (Feather V2), or the streaming format. Batches end after fixed numbers of rows, so that the
/// bytes do not depend on how the rows came. Memory holds one batch.
/// </summary>
internal sealed class ArrowBatchWriter : IBatchWriter
{
    const int CheckRows = 1024;
    const int Alignment = 8;
    static readonly byte[] Zeros = new byte[Alignment];
    readonly Stream _output;
    readonly ArrowWriteOptions _options;
    readonly ColumnGatherer[] _columns;
    readonly BufferPacker _packer;
    readonly MemoryStream _blocks = new();
    int _gathered;
    long _rows;
    long _position;

    public ArrowBatchWriter(Stream output, DataSchema schema, ArrowWriteOptions options)
    {
        if (options.BatchRows < CheckRows || options.BatchRows % CheckRows != 0)
            throw new ArgumentException($"Batches of an Arrow file have a multiple of {CheckRows} rows, not {options.BatchRows}.", nameof(options));
        (_output, Schema, _options) = (output, schema, options);
        _columns = [.. schema.Select(c => ColumnGatherer.For(c.Type))];
        _packer = new(options.Compression);
    }

    public DataSchema Schema { get; }

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        for (var start = 0; start < batch.Count;)
        {
            var take = Math.Min(batch.Count - start, CheckRows - (_gathered % CheckRows));
            for (var i = 0; i < _columns.Length; i++)
                _columns[i].Append(batch.Columns[i], start, take);
            start += take;
            _gathered += take;
            if (_gathered == _options.BatchRows || (_gathered % CheckRows == 0 && _columns.Sum(c => c.Bytes) >= _options.BatchBytes))
                await EndBatchAsync(cancellationToken);
        }
    }

    public async ValueTask<WriteSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        if (_gathered > 0)
            await EndBatchAsync(cancellationToken);
        var end = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(end, -1);
        await WriteAsync(end, cancellationToken);
        if (!_options.IsStream)
        {
            var footer = SchemaWriter.Footer(Schema, _blocks.GetBuffer().AsSpan(0, (int)_blocks.Length));
            await WriteAsync(footer, cancellationToken);
            await WriteAsync(BitConverter.GetBytes(footer.Length), cancellationToken);
            await WriteAsync(FileMessages.Magic.ToArray(), cancellationToken);
        }

        await _output.FlushAsync(cancellationToken);
        return new(_rows, _position);
    }

    async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        if (_position > 0)
            return;
        if (!_options.IsStream)
            await WriteAsync((byte[])[.. FileMessages.Magic, 0, 0], cancellationToken);
        await MessageAsync(SchemaWriter.Message(Schema), cancellationToken);
    }

    async ValueTask EndBatchAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        var (columns, buffers) = (new List<ColumnGatherer>(), new List<ReadOnlyMemory<byte>>());
        foreach (var column in _columns)
            column.Collect(columns, buffers);
        var stored = buffers.ConvertAll(_packer.Pack);
        var body = stored.Sum(b => Padded(b.Length));
        var begins = _position;
        var metadata = await MessageAsync(SchemaWriter.Message(_gathered, Nodes(columns), Places(stored), _options.Compression, body), cancellationToken);
        foreach (var buffer in stored)
        {
            await WriteAsync(buffer, cancellationToken);
            await WriteAsync(Zeros.AsMemory(0, (int)Padded(buffer.Length) - buffer.Length), cancellationToken);
        }

        AddBlock(begins, metadata, body);
        _rows += _gathered;
        _gathered = 0;
        foreach (var column in _columns)
            column.Clear();
    }

    static byte[] Nodes(List<ColumnGatherer> columns)
    {
        var nodes = new byte[columns.Count * 16];
        for (var i = 0; i < columns.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(nodes.AsSpan(i * 16), columns[i].Rows);
            BinaryPrimitives.WriteInt64LittleEndian(nodes.AsSpan((i * 16) + 8), columns[i].Nulls);
        }

        return nodes;
    }

    static byte[] Places(List<ReadOnlyMemory<byte>> buffers)
    {
        var places = new byte[buffers.Count * 16];
        var at = 0L;
        for (var i = 0; i < buffers.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(places.AsSpan(i * 16), at);
            BinaryPrimitives.WriteInt64LittleEndian(places.AsSpan((i * 16) + 8), buffers[i].Length);
            at += Padded(buffers[i].Length);
        }

        return places;
    }

    void AddBlock(long offset, int metadata, long body)
    {
        Span<byte> block = stackalloc byte[24];
        block.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(block, offset);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], metadata);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], body);
        _blocks.Write(block);
    }

    /// <summary>A message without its body: the marker, the length, the metadata, padded.</summary>
    /// <returns>Bytes of all of that.</returns>
    async ValueTask<int> MessageAsync(byte[] metadata, CancellationToken cancellationToken)
    {
        var length = (int)Padded(metadata.Length);
        var message = new byte[8 + length];
        BinaryPrimitives.WriteInt32LittleEndian(message, -1);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), length);
        metadata.CopyTo(message, 8);
        await WriteAsync(message, cancellationToken);
        return message.Length;
    }

    static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(bytes, cancellationToken);
        _position += bytes.Length;
    }

    public ValueTask DisposeAsync()
    {
        _packer.Dispose();
        _blocks.Dispose();
        return ValueTask.CompletedTask;
    }
}
