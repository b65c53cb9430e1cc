using System.IO.Enumeration;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives;

/// <summary>The one member of an archive that a conversion reads, where that is not simply a file of a zip archive.</summary>
internal sealed class ArchivePart : IDisposable
{
    const int Named = 20;

    readonly ArchiveTree _tree;
    readonly ArchiveMember _member;

    ArchivePart(ArchiveTree tree, ArchiveMember member) => (_tree, _member) = (tree, member);

    /// <summary>The member's own name.</summary>
    public string Name => _member.Name;

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<string> Notes => _tree.Notes;

    /// <summary>Opens the member's content from the start.</summary>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => new(_member.Open());

    /// <summary>The finding about the member's content, with the archive around it.</summary>
    public FormatFinding Complete(FormatFinding finding) => finding with
    {
        Container = _member.Container,
        Entry = _member.Path,
        Evidence = [$"is the member '{_member.Path}' of a {_member.Container} archive", .. finding.Evidence],
    };

    /// <summary>Finds it; null where the content is no archive, or a zip archive whose file is no archive itself.</summary>
    /// <exception cref="ConversionException">The archive cannot be read, or does not say which member.</exception>
    public static async Task<ArchivePart?> FindAsync(Func<CancellationToken, ValueTask<Stream>> open, ConversionRequest request, ConversionLimits limits, CancellationToken cancellationToken)
    {
        await using (var content = await open(cancellationToken))
        {
            var mark = new byte[TarHeader.Block];
            var length = await content.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken);
            if (ArchiveProbe.IsPlain(mark.AsSpan(0, length)))
                return null;
        }

        return await Task.Run(() => Find(() => open(cancellationToken).AsTask().GetAwaiter().GetResult(), request, limits), cancellationToken);
    }

    static ArchivePart? Find(Func<Stream> open, ConversionRequest request, ConversionLimits limits)
    {
        var isPattern = request.Entry is { } entry && entry.AsSpan().ContainsAny('*', '?');
        if (!isPattern && IsOrdinaryZip(open, request.Entry, limits))
            return null;
        var tree = ArchiveTree.Open(open, limits, isPattern ? null : request.Entry);
        if (tree is null)
            return null;
        try
        {
            return new(tree, isPattern ? Match(tree.Members, request.Entry!) : Choose(tree.Members, request.Entry));
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    // Its file is read in place, and what is wrong with it is said there.
    static bool IsOrdinaryZip(Func<Stream> open, string? entry, ConversionLimits limits)
    {
        if (ArchiveProbe.Of(open, limits) is not { Kind: Compressions.Zip, Layers.Count: 0 } || entry?.Contains(ArchiveMember.Into, StringComparison.Ordinal) == true)
            return false;
        using var content = open();
        if (entry is not null || !content.CanSeek)
            return true;
        try
        {
            return ZipInput.Files(content, limits) is not [var only] || ArchiveProbe.Of(() => new ZipMemberStream(open(), only, limits), limits) is not { } inner
                || (inner.Kind == Compressions.Zip && IsDocument(() => new ZipMemberStream(open(), only, limits), limits));
        }
        catch (Exception damaged) when (damaged is CompressionDamage or ConversionException)
        {
            return true;
        }
    }

    static bool IsDocument(Func<Stream> open, ConversionLimits limits)
    {
        using var inner = ArchiveTree.Open(open, limits, "");
        return inner is null;
    }

    static ArchiveMember Choose(IReadOnlyList<ArchiveMember> members, string? name)
    {
        if (name is not null)
            return members.FirstOrDefault(m => m.Path == name) ?? throw new ConversionException($"The archive has no member '{name}': it holds {List(members)}.");
        return members.Count switch
        {
            1 => members[0],
            0 => throw new ConversionException("The archive holds no files."),
            _ => throw new ConversionException($"The archive holds {members.Count} files: {List(members)}. Say which one to read."),
        };
    }

    /// <summary>The one member whose name fits, for archives whose members are called after the day.</summary>
    static ArchiveMember Match(IReadOnlyList<ArchiveMember> members, string pattern) => members.Where(m => FileSystemName.MatchesSimpleExpression(pattern, m.Path)).ToList() switch
    {
        [var only] => only,
        [] => throw new ConversionException($"The archive has no member like '{pattern}': it holds {List(members)}."),
        var several => throw new ConversionException($"'{pattern}' fits {several.Count} members of the archive: {List(several)}. Say which one to read."),
    };

    static string List(IReadOnlyList<ArchiveMember> members) =>
        members.Count == 0 ? "none" : string.Join(", ", members.Take(Named).Select(m => m.Path)) + (members.Count > Named ? $" and {members.Count - Named} more" : "");

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();
}
