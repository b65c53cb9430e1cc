using System.Collections.Concurrent;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Lends reading connections and keeps a few open.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    const int MaxIdle = 8;

    readonly ConcurrentBag<StoreReader> _idle = [];
    volatile bool _closed;

    /// <summary>Reads within one call; the reader must not leave it.</summary>
    public T Read<T>(Func<StoreReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(DurableEngine));
        var reader = _idle.TryTake(out var idle) ? idle : new StoreReader(path);
        var healthy = false;
        try
        {
            var result = read(reader);
            healthy = true;
            return result;
        }
        finally
        {
            if (healthy && !_closed && _idle.Count < MaxIdle)
                _idle.Add(reader);
            else
                reader.Dispose();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }
}
