using System.IO.Compression;
using System.Security.Cryptography;
using DataIngestion.Conversion.Writing;
using DataIngestion.Tabular;
using ZstdSharp;

namespace DataIngestion.Conversion.Avro;

/// <summary>
/// Writes an object container file. Blocks end by their bytes, so that they do not depend on the batches; the mark behind them is a hash of the
/// schema and the first block, so that the same rows give the same file. Memory holds as many blocks as there are threads.
/// </summary>
internal sealed class AvroBatchWriter(Stream output, DataSchema schema, AvroWriteOptions options, int threads) : IBatchWriter
{
    const int ZstdLevel = 3;
    const int SyncBytes = 16;

    readonly AvroEncoder[] _columns = [.. schema.Select(c => AvroEncoder.Of(c.Type, c.Nullable))];
    readonly Block[] _blocks = [.. Enumerable.Range(0, Math.Max(1, threads)).Select(_ => new Block())];
    readonly byte[] _schemaJson = AvroSchemaWriter.Write(schema);
    byte[]? _sync;
    int _full;
    long _rows;
    long _bytes;

    public DataSchema Schema => schema;

    string Codec => options.Codec switch { AvroCodec.Null => "null", AvroCodec.Zstandard => "zstandard", _ => "deflate" };

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var block = _blocks[_full];
            for (var i = 0; i < _columns.Length; i++)
                _columns[i].Write(batch.Columns[i], row, block.Plain);
            block.Rows++;
            if (block.Plain.Length >= options.BlockBytes && ++_full == _blocks.Length)
                await FlushAsync(_full, cancellationToken);
        }

        _rows += batch.Count;
    }

    public async ValueTask<WriteSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        await FlushAsync(_full + (_full < _blocks.Length && _blocks[_full].Rows > 0 ? 1 : 0), cancellationToken);
        await output.FlushAsync(cancellationToken);
        return new(_rows, _bytes);
    }

    async ValueTask FlushAsync(int count, CancellationToken cancellationToken)
    {
        if (_sync is null)
            await BeginAsync(cancellationToken);
        if (count == 1)
            _blocks[0].Pack(options.Codec);
        else
            Parallel.For(0, count, i => _blocks[i].Pack(options.Codec));
        foreach (var block in _blocks.AsSpan(0, count).ToArray())
        {
            using var head = new Utf8Buffer();
            AvroBinary.Long(block.Rows, head);
            AvroBinary.Long(block.Stored.Length, head);
            await WriteAsync(head.Memory, cancellationToken);
            await WriteAsync(block.Stored, cancellationToken);
            await WriteAsync(_sync, cancellationToken);
            block.Clear();
        }

        _full = 0;
    }

    async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_schemaJson);
        hash.AppendData(_blocks[0].Plain.Memory.Span);
        _sync = hash.GetHashAndReset()[..SyncBytes];
        using var header = new Utf8Buffer();
        header.Write(AvroHeader.Magic);
        AvroBinary.Long(2, header);
        AvroBinary.Bytes("avro.schema"u8, header);
        AvroBinary.Bytes(_schemaJson, header);
        AvroBinary.Bytes("avro.codec"u8, header);
        AvroBinary.Bytes(System.Text.Encoding.ASCII.GetBytes(Codec), header);
        header.Write((byte)0);
        header.Write(_sync);
        await WriteAsync(header.Memory, cancellationToken);
    }

    async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken);
        _bytes += bytes.Length;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var block in _blocks)
            block.Dispose();
        return ValueTask.CompletedTask;
    }

    sealed class Block : IDisposable
    {
        readonly MemoryStream _packed = new();
        Compressor? _zstd;

        public Utf8Buffer Plain { get; } = new();

        public int Rows { get; set; }

        public ReadOnlyMemory<byte> Stored { get; private set; }

        public void Pack(AvroCodec codec)
        {
            switch (codec)
            {
                case AvroCodec.Null:
                    Stored = Plain.Memory;
                    break;
                case AvroCodec.Zstandard:
                    _zstd ??= new(ZstdLevel);
                    Stored = _zstd.Wrap(Plain.Memory.Span).ToArray();
                    break;
                default:
                    _packed.SetLength(0);
                    using (var deflate = new DeflateStream(_packed, CompressionLevel.Fastest, leaveOpen: true))
                        deflate.Write(Plain.Memory.Span);
                    Stored = _packed.GetBuffer().AsMemory(0, (int)_packed.Length);
                    break;
            }
        }

        public void Clear()
        {
            Plain.Clear();
            (Rows, Stored) = (0, default);
        }

        public void Dispose()
        {
            Plain.Dispose();
            _packed.Dispose();
            _zstd?.Dispose();
        }
    }
}
