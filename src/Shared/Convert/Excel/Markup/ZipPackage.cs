using System.Text;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Excel.Markup;

/// <summary>
/// The parts of a workbook that is a zip archive, found by the directory at its end; lengths and checksums of all that is read are checked, and
/// so is how much a part grows.
/// </summary>
internal sealed class ZipPackage
{
    readonly CountingStream _archive;
    readonly ConversionLimits _limits;
    readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="archive">Seekable; left open.</param>
    public ZipPackage(Stream archive, ConversionLimits limits)
    {
        (_archive, _limits) = (new(archive, null), limits);
        try
        {
            foreach (var entry in ZipDirectory.Read(archive, limits.MaxEntries))
                _entries.TryAdd(entry.Name.TrimStart('/'), entry);
        }
        catch (Exception damage) when (damage is CompressionDamage or EndOfStreamException)
        {
            throw new InvalidDataException($"The workbook is a zip archive that cannot be read: {damage.Message}.", damage);
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>Bytes of a part, as the directory says.</summary>
    public long SizeOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Size : 0;

    /// <summary>A part, from its start.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public Stream Open(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"The workbook has no part '{name}', which another part names.");
        return new LayerStream(Compressions.Zip, () => Decoder(entry), _archive, _limits);
    }

    ZipDecoder Decoder(ZipEntry entry)
    {
        try
        {
            return new(_archive, entry);
        }
        catch (EndOfStreamException cut)
        {
            throw new CompressionDamage("it is cut off", cut);
        }
    }

    /// <summary>A part as UTF-8 XML.</summary>
    public MarkupScanner Scan(string name) =>
        new(AsUtf8(Open(name)), name, (int)Math.Min(Math.Max(_limits.MaxFieldBytes * 2L, 64 << 10), 1 << 30), _limits.MaxDepth);

    /// <summary>Office writes UTF-8 only; others may write UTF-16, with its mark.</summary>
    static Stream AsUtf8(Stream content)
    {
        var head = new byte[2];
        var length = content.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        var whole = new PrefixStream(head.AsMemory(0, length), content);
        return head switch
        {
            [0xFF, 0xFE] => Encoding.CreateTranscodingStream(whole, Encoding.Unicode, Encoding.UTF8),
            [0xFE, 0xFF] => Encoding.CreateTranscodingStream(whole, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => whole,
        };
    }

    sealed class PrefixStream(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream
    {
        ReadOnlyMemory<byte> _head = head;

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty)
                return rest.Read(buffer);
            var take = Math.Min(buffer.Length, _head.Length);
            _head.Span[..take].CopyTo(buffer);
            _head = _head[take..];
            return take;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>The relations of a part, by identifier: the target's full name and the last word of its type.</summary>
    public IReadOnlyDictionary<string, (string Type, string Target)> Relations(string part)
    {
        var relations = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var slash = part.LastIndexOf('/');
        var (folder, file) = (slash < 0 ? "" : part[..slash], part[(slash + 1)..]);
        var name = $"{(folder.Length == 0 ? "" : folder + "/")}_rels/{file}.rels";
        if (!Has(name))
            return relations;
        using var scanner = Scan(name);
        while (scanner.Read())
        {
            if (scanner.Starts("Relationship"u8) && scanner.Attribute("TargetMode"u8) != "External"
                && scanner.Attribute("Id"u8) is { } id && scanner.Attribute("Type"u8) is { } type && scanner.Attribute("Target"u8) is { } target)
                relations.TryAdd(id, (type[(type.LastIndexOf('/') + 1)..], Resolve(folder, target)));
        }

        return relations;
    }

    static string Resolve(string folder, string target)
    {
        target = target.Replace('\\', '/');
        var parts = new List<string>(target.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (step != ".")
                parts.Add(step);
        }

        return string.Join('/', parts);
    }
}
