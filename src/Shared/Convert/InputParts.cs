using DataIngestion.Conversion.Archives;
using DataIngestion.Conversion.Columns;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Conversion;

/// <summary>One part of an input that is converted on its own.</summary>
/// <param name="Member">The member of an archive; null where the input is none.</param>
/// <param name="Name">The content's own name, without folders.</param>
/// <param name="Container">The archive around it: <c>zip</c>, <c>tar</c> or <c>7z</c>; null where there is none.</param>
/// <param name="Open">Opens the content from its start.</param>
public sealed record InputPart(string? Member, string? Name, string? Container, Func<Stream> Open);

/// <summary>The parts of an input: the members of an archive, each on its own, those of archives inside it too. Parts can be opened until this is disposed.</summary>
public sealed class InputParts : IDisposable
{
    readonly ArchiveTree? _tree;

    InputParts(ArchiveTree? tree, IReadOnlyList<InputPart> parts) => (_tree, Parts) = (tree, parts);

    /// <summary>The parts in order; the input itself where it is no archive.</summary>
    public IReadOnlyList<InputPart> Parts { get; }

    /// <summary>What was passed over.</summary>
    public IReadOnlyList<string> Notes => _tree?.Notes ?? [];

    /// <summary>Finds the members.</summary>
    /// <param name="open">Opens the input from its start.</param>
    /// <param name="name">The input's name.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="ConversionException">The archive cannot be read.</exception>
    public static InputParts Find(Func<Stream> open, string? name, ConversionLimits limits)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(limits);
        var tree = ArchiveTree.Open(open, limits, null);
        return new(tree, tree is null ? [new(null, name, null, open)] : [.. tree.Members.Select(m => new InputPart(m.Path, m.Name, m.Container, m.Open))]);
    }

    /// <summary>The tables that are read of a content, each on its own; null stands for the only one, or the one that is read where none is named.</summary>
    /// <param name="open">Opens the content from its start.</param>
    /// <param name="request">The format where it is known, the table that is named, and limits.</param>
    /// <param name="specifications">What formats take.</param>
    /// <param name="all">Whether every table is read, even where one is the natural one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConversionException">The content cannot be read, or has no such table.</exception>
    public static async Task<IReadOnlyList<string?>> TablesAsync(
        Func<Stream> open, ConversionRequest request, FormatSpecifications specifications, bool all, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(specifications);
        var bound = request with { Limits = specifications.Bound(request.Limits) };
        var finding = request.Hint.Format is { } format && FormatCatalog.Find(format) is not ITableFormat
            ? null
            : await InputRecognition.DetectAsync(_ => new(open()), bound, cancellationToken);
        if (finding is null || FormatCatalog.Find(request.Hint.Format ?? finding.Format) is not ITableFormat tables)
            return [request.Hint.Table];
        if (request.Hint.Table is not null)
            return [request.Hint.Table];

        try
        {
            await using var stored = open();
            var unpacked = finding.Format == tables.Name ? Layers.Open(new CountingStream(stored, null), finding, bound.Limits) : stored;
            await using var content = SeekableContent.IsNear(unpacked) ? unpacked : await SeekableContent.CopyAsync(unpacked, cancellationToken);
            var settled = finding with { Format = tables.Name };
            var list = await tables.TablesAsync(content, new(settled, specifications.Complete(tables.Name, request)), cancellationToken);
            return list.Names.Count <= 1 || (list.Primary is not null && !all) ? [null] : [.. list.Names];
        }
        catch (Exception wrong) when (wrong is InvalidDataException or NotSupportedException)
        {
            throw new ConversionException(wrong.Message, inner: wrong);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tree?.Dispose();
}
