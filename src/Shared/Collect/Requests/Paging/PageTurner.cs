using System.Globalization;
using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Finds the request for the page after a page, and notices when that would never end.</summary>
internal sealed class PageTurner(PaginationDefinition? pagination, RequestTemplate template)
{
    readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    readonly IPager? _pager = pagination?.Kind switch
    {
        null => null,
        PaginationKind.Page or PaginationKind.Offset => new NumberPager(pagination),
        PaginationKind.Cursor => new CursorPager(pagination),
        PaginationKind.Header => new HeaderPager(pagination),
        PaginationKind.Seek => new SeekPager(pagination),
        _ => new AddressPager(),
    };

    int _pages;
    int _empty;
    long _records;
    decimal? _total;
    decimal? _firstTotal;
    string? _last;
    SourceRequest? _first;

    /// <summary>The first page's request.</summary>
    public SourceRequest First => _first ??= template.Fill(_pager?.First);

    /// <summary>What is wrong with how many records the source said there are; null as long as nothing is.</summary>
    public string? TotalMismatch => _total is not { } total ? null
        : total != _records
            ? $"{First.Name}: the source says that there are {total:N0} records, but {_records:N0} came on {_pages:N0} page{(_pages == 1 ? "" : "s")}. "
                + "They may have changed while they were read: the next run finds what lies within 'overlap'. If it happens every time, check 'pagination'."
        : total != _firstTotal
            ? $"{First.Name}: the source said {_firstTotal:N0} records first and {total:N0} at last: they changed while pages were turned, so that some may have been missed. The next run finds what lies within 'overlap'."
        : null;

    /// <summary>The request after a page; null when it was the last.</summary>
    /// <param name="page">What was remembered of the page.</param>
    /// <param name="content">What is in it; null where its records cannot be counted.</param>
    /// <param name="digest">Knows the page by its records; null where there are none.</param>
    /// <exception cref="StepFailedException">
    /// It leads back (<c>pagination-loop</c>), goes on too long (<c>too-many-pages</c>) or without records (<c>empty-pages</c>).
    /// </exception>
    public SourceRequest? After(PageNote page, ArtefactContent? content, string? digest)
    {
        if (_pager is null)
            return null;
        _pages++;
        _records += content?.Records ?? 0;
        _empty = content is { Records: 0 } ? _empty + 1 : 0;
        if (decimal.TryParse(content?.Total, NumberStyles.Float, CultureInfo.InvariantCulture, out var total))
        {
            _total = total;
            _firstTotal ??= total;
        }

        var more = MoreAfter(content);
        if (more is false || _pager.After(page, content, more) is not { } next)
            return null;
        Watch(page, next, content is null ? page.Sha256 : digest);
        return next.Address is { } address ? First with { Path = address, Query = [] } : template.Fill(next.Value);
    }

    // A total that says there is more lets a short page be followed, and lets nothing end.
    bool? MoreAfter(ArtefactContent? content) =>
        pagination!.MorePath is not null ? content?.HasMore is true
        : pagination.TotalPath is not null && content?.Records > 0 && _records < _total ? true
        : null;

    void Watch(PageNote page, NextPage next, string? digest)
    {
        if (digest is not null && digest == _last)
        {
            var ignored = pagination!.Parameter ?? (next.Address is null ? "{page}" : null);
            throw Fail("pagination-loop", $"{page.Name} brought the same records as the page before{(ignored is null ? "" : $": the source seems to ignore '{ignored}'")}. Check 'pagination'.");
        }

        _last = digest;
        if (!_visited.Add(next.Address ?? next.Value ?? ""))
        {
            var where = pagination!.NextPath ?? pagination.Header;
            throw Fail("pagination-loop", $"{page.Name} names a next page that was fetched before: the source goes round in circles{(where is null ? "" : $" at '{where}'")}.");
        }

        if (_empty > pagination!.MaxEmptyPages)
        {
            throw Fail(
                "empty-pages",
                $"{page.Name} is the {_empty:N0}. page in a row without a record, and there is still a next one: expected at most {pagination.MaxEmptyPages:N0}. Ask for less, or raise 'maxEmptyPages'.");
        }

        if (_pages >= pagination.MaxPages)
        {
            throw Fail(
                "too-many-pages",
                $"{page.Name} is page {_pages} and there is still a next one: expected at most {pagination.MaxPages}. Ask for less, or raise 'maxPages'.");
        }
    }

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
