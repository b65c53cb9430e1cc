using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Documents;

/// <summary>What people should know about a content, complete when it was read.</summary>
internal interface INotes
{
    IReadOnlyList<string> Notes { get; }
}

/// <summary>Records of another format as JSON, one a line. Memory follows the record.</summary>
internal abstract class DocumentStream : ReadOnlyStream, INotes
{
    /// <summary>Lines are handed over in pieces of about this size.</summary>
    const int PieceBytes = 128 << 10;

    readonly Utf8Buffer _ready = new();
    readonly Utf8Buffer _record = new();
    int _at;
    bool _ended;

    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Writes the next record, or nothing where what was read is none.</summary>
    /// <param name="to">Empty.</param>
    /// <returns>False at the end.</returns>
    protected abstract ValueTask<bool> NextAsync(Utf8Buffer to, CancellationToken cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_at == _ready.Length)
            await FillAsync(cancellationToken);
        var take = Math.Min(buffer.Length, _ready.Length - _at);
        _ready.Memory.Slice(_at, take).CopyTo(buffer);
        _at += take;
        return take;
    }

    public override int Read(Span<byte> buffer)
    {
        var taken = new byte[Math.Min(buffer.Length, PieceBytes)];
        var read = ReadAsync(taken).AsTask().GetAwaiter().GetResult();
        taken.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _ready.Clear();
        _at = 0;
        while (!_ended && _ready.Length < PieceBytes)
        {
            _record.Clear();
            if (!await NextAsync(_record, cancellationToken))
            {
                _ended = true;
            }
            else if (_record.Length > 0)
            {
                _ready.Write(_record.Memory.Span);
                _ready.Write((byte)'\n');
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ready.Dispose();
            _record.Dispose();
        }

        base.Dispose(disposing);
    }
}
