using System.Runtime.InteropServices;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel;

/// <summary>
/// The strings that cells name by number. The first ones are kept in memory, up to a bound; those beyond it lie in a temporary file and are read
/// where a cell names them.
/// </summary>
internal sealed class SharedStrings(int mostInMemory = SharedStrings.MostInMemory) : IDisposable
{
    const int MostInMemory = 256 << 20;
    const int ChunkBytes = 1 << 20;
    readonly List<byte[]> _chunks = [];
    readonly List<Place> _places = [];
    byte[] _scratch = [];
    FileStream? _file;
    long _inFile;
    long _inMemory;
    int _used = ChunkBytes;

    /// <param name="Chunk">In memory, or -1.</param>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Place(long At, int Chunk, int Length);

    public int Count => _places.Count;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (_inMemory + text.Length > mostInMemory)
        {
            _file ??= new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            _file.Position = _inFile;
            _file.Write(text);
            _places.Add(new(_inFile, -1, text.Length));
            _inFile += text.Length;
            return;
        }

        if (_chunks.Count == 0 || text.Length > ChunkBytes - _used)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, text.Length)]);
            _used = 0;
        }

        text.CopyTo(_chunks[^1].AsSpan(_used));
        _places.Add(new(_used, _chunks.Count - 1, text.Length));
        _used = text.Length > ChunkBytes ? ChunkBytes : _used + text.Length;
        _inMemory += text.Length;
    }

    /// <summary>A string, valid until the next is asked for.</summary>
    /// <exception cref="InvalidDataException">There is none of that number.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_places.Count)
                throw new InvalidDataException($"A cell names the shared string {index}, but there are {_places.Count}.");
            var place = _places[index];
            if (place.Chunk >= 0)
                return _chunks[place.Chunk].AsSpan((int)place.At, place.Length);
            if (_scratch.Length < place.Length)
                _scratch = new byte[Math.Max(4096, place.Length)];
            _file!.Position = place.At;
            _file.ReadExactly(_scratch, 0, place.Length);
            return _scratch.AsSpan(0, place.Length);
        }
    }

    public void Dispose() => _file?.Dispose();
}
