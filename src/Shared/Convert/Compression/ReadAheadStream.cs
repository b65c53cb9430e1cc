using System.Buffers;
using System.Threading.Channels;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Compression;

/// <summary>Reads a stream ahead on a thread of its own, up to a few buffers, so that whoever parses need not wait for whoever decompresses.</summary>
internal sealed class ReadAheadStream : ReadOnlyStream
{
    const int BufferSize = 512 << 10;
    const int Buffers = 4;

    readonly Stream _inner;
    readonly Channel<(byte[] Bytes, int Length)> _filled = Channel.CreateUnbounded<(byte[], int)>(new() { SingleReader = true, SingleWriter = true });
    readonly SemaphoreSlim _free = new(Buffers);
    readonly CancellationTokenSource _stop = new();
    readonly Task _reading;
    (byte[] Bytes, int Length) _current = ([], 0);
    int _at;

    /// <param name="inner">Read synchronously; closed together with this.</param>
    public ReadAheadStream(Stream inner)
    {
        _inner = inner;
        _reading = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    void ReadAll()
    {
        Exception? failed = null;
        try
        {
            while (true)
            {
                _free.Wait(_stop.Token);
                var bytes = ArrayPool<byte>.Shared.Rent(BufferSize);
                var length = Fill(bytes, out failed);
                _filled.Writer.TryWrite((bytes, length));
                if (length == 0 || failed is not null)
                    break;
            }
        }
        catch (OperationCanceledException stopped)
        {
            failed = stopped;
        }

        _filled.Writer.TryComplete(failed);
    }

    // What was read before a failure is handed over before the failure is.
    int Fill(byte[] bytes, out Exception? failed)
    {
        var length = 0;
        failed = null;
        try
        {
            for (int read; length < BufferSize && !_stop.IsCancellationRequested && (read = _inner.Read(bytes, length, BufferSize - length)) > 0;)
                length += read;
        }
#pragma warning disable CA1031 // handed over to the one who reads
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failed = fault;
        }

        return length;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_at == _current.Length)
        {
            Release();
            if (!await _filled.Reader.WaitToReadAsync(cancellationToken))
                return 0;
            if (_filled.Reader.TryRead(out var next))
                (_current, _at) = (next, 0);
        }

        return Take(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        while (_at == _current.Length)
        {
            Release();
            if (!_filled.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                return 0;
            if (_filled.Reader.TryRead(out var next))
                (_current, _at) = (next, 0);
        }

        return Take(buffer);
    }

    int Take(Span<byte> buffer)
    {
        var take = Math.Min(buffer.Length, _current.Length - _at);
        _current.Bytes.AsSpan(_at, take).CopyTo(buffer);
        _at += take;
        return take;
    }

    void Release()
    {
        if (_current.Bytes.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_current.Bytes);
        (_current, _at) = (([], 0), 0);
        _free.Release();
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await _inner.DisposeAsync();
        Return();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _reading.GetAwaiter().GetResult();
            _inner.Dispose();
            Return();
        }

        base.Dispose(disposing);
    }

    void Return()
    {
        while (_filled.Reader.TryRead(out var unread))
            ArrayPool<byte>.Shared.Return(unread.Bytes);
        if (_current.Bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_current.Bytes);
        _current = ([], 0);
        _at = 0;
        _free.Dispose();
        _stop.Dispose();
    }
}
