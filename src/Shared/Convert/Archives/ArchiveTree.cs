using DataIngestion.Conversion.Archives.SevenZip;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Archives;

/// <summary>
/// The members of an archive, and of archives inside it. What cannot be read in place is unpacked to temporary files, which live as long as this.
/// Names of members are never used as paths.
/// </summary>
internal sealed class ArchiveTree : IDisposable
{
    readonly List<SpoolFile> _spools = [];
    readonly List<ArchiveMember> _members = [];
    readonly List<string> _notes = [];
    readonly ArchiveBudget _budget;
    readonly string? _wanted;
    int _junk;

    ArchiveTree(ArchiveBudget budget, string? wanted) => (_budget, _wanted) = (budget, wanted);

    /// <summary>The members that are data, in order.</summary>
    public IReadOnlyList<ArchiveMember> Members => _members;

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Opens an archive; null where the content is none.</summary>
    /// <param name="open">Opens the content from its start.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="wanted">The member that is to be read, so that other archives inside stay closed; null to look into each.</param>
    /// <exception cref="ConversionException">It cannot be read as a whole.</exception>
    public static ArchiveTree? Open(Func<Stream> open, ConversionLimits limits, string? wanted)
    {
        if (ArchiveProbe.Of(open, limits) is not { } found)
            return null;
        long? stored = null;
        var tree = new ArchiveTree(new(limits, () => stored ??= Length(open)), wanted);
        try
        {
            if (!tree.Add(open, found, "", found.Layers.Count + 1))
            {
                tree.Dispose();
                return null;
            }

            if (tree._junk > 0)
                tree._notes.Add($"{tree._junk} {(tree._junk == 1 ? "file that an operating system left in the archive is" : "files that operating systems left in the archive are")} passed over.");
            return tree;
        }
        catch (CompressionDamage damage)
        {
            tree.Dispose();
            throw new ConversionException($"The {found.Kind} archive cannot be read: {damage.Message}.", inner: damage);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <summary>Adds the members of an archive; false where it is a document.</summary>
    bool Add(Func<Stream> open, FoundArchive found, string prefix, int depth)
    {
        if (depth > _budget.Limits.MaxLayers)
            throw new ConversionException($"Archives and compressions lie {depth} deep in '{prefix.TrimEnd('/', '!')}': at most {_budget.Limits.MaxLayers} are opened; the limit 'layers' says how many.");
        var whole = Whole(open, found);
        using var archive = whole();
        switch (found.Kind)
        {
            case "tar":
                foreach (var entry in TarArchive.Read(archive, _budget, _notes))
                    Take(entry.Name, () => new SliceStream(whole(), entry.At, entry.Size));
                return true;
            case "7z":
                var unpacked = NewSpool();
                foreach (var entry in SevenZipArchive.Unpack(whole, unpacked, _budget))
                    Take(entry.Name, () => unpacked.Open(entry.At, entry.Size));
                return true;
            default:
                var entries = ZipDirectory.Read(archive, _budget.Limits.MaxEntries);
                if (ArchiveProbe.IsDocument(entries))
                    return false;
                foreach (var entry in entries)
                {
                    _budget.TakeEntry();
                    if (!entry.Name.EndsWith('/'))
                        Take(entry.Name, () => new ZipMemberStream(whole(), entry, _budget.Limits));
                }

                return true;
        }

        void Take(string name, Func<Stream> member)
        {
            var path = prefix + name;
            if (!ArchiveMember.IsData(name))
                _junk++;
            else if (!MayHold(path) || Inside(member) is not { } inner || !AddInner(member, inner, path, depth + inner.Layers.Count + 1))
                _members.Add(new(path, found.Kind, member));
        }
    }

    bool AddInner(Func<Stream> open, FoundArchive found, string path, int depth)
    {
        try
        {
            return Add(open, found, path + ArchiveMember.Into, depth);
        }
        catch (CompressionDamage damage)
        {
            throw new ConversionException($"The {found.Kind} archive '{path}' inside cannot be read: {damage.Message}.", inner: damage);
        }
    }

    bool MayHold(string path) => _wanted is null || (_wanted != path && _wanted.StartsWith(path + ArchiveMember.Into, StringComparison.Ordinal));

    // A member that cannot be opened is one whose conversion says why.
    FoundArchive? Inside(Func<Stream> member)
    {
        try
        {
            return ArchiveProbe.Of(member, _budget.Limits);
        }
        catch (Exception damaged) when (damaged is ConversionException or CompressionDamage)
        {
            return null;
        }
    }

    Func<Stream> Whole(Func<Stream> open, FoundArchive found)
    {
        if (found.Layers.Count == 0)
        {
            var content = open();
            if (content.CanSeek)
            {
                content.Dispose();
                return open;
            }

            using (content)
                return Spool(content);
        }

        using var unpacked = ArchiveProbe.OpenLayers(open(), found.Layers, _budget.Limits);
        return Spool(unpacked);
    }

    Func<Stream> Spool(Stream content)
    {
        var spool = NewSpool();
        spool.Append(content, _budget);
        return spool.Open;
    }

    SpoolFile NewSpool()
    {
        var spool = new SpoolFile();
        _spools.Add(spool);
        return spool;
    }

    static long Length(Func<Stream> open)
    {
        using var content = open();
        return content.CanSeek ? content.Length : long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _spools.ForEach(s => s.Dispose());
}

/// <summary>One file of a zip archive, decompressed.</summary>
internal sealed class ZipMemberStream : ReadOnlyStream
{
    readonly CountingStream _archive;
    readonly LayerStream _content;

    public ZipMemberStream(Stream archive, ZipEntry entry, ConversionLimits limits)
    {
        _archive = new(archive, null);
        _content = new(Compressions.Zip, () => new ZipDecoder(_archive, entry), _archive, limits);
    }

    public override int Read(Span<byte> buffer) => _content.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _archive.Dispose();
        }

        base.Dispose(disposing);
    }
}
