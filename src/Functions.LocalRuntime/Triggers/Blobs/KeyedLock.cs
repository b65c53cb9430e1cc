namespace DataIngestion.LocalRuntime.Triggers.Blobs;

/// <summary>Lets one at a time work under a key, without keeping keys that nobody uses.</summary>
internal sealed class KeyedLock
{
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string key)
    {
        Entry? entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out entry))
                _entries.Add(key, entry = new());
            entry.Users++;
        }

        await entry.One.WaitAsync();
        return new Hold(this, key, entry);
    }

    sealed class Entry
    {
        public SemaphoreSlim One { get; } = new(1, 1);

        public int Users { get; set; }
    }

    sealed class Hold(KeyedLock owner, string key, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._entries)
            {
                entry.One.Release();
                if (--entry.Users > 0)
                    return;
                owner._entries.Remove(key);
                entry.One.Dispose();
            }
        }
    }
}
