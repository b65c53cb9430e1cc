using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A token in the body names the next page.</summary>
internal sealed class CursorPager(PaginationDefinition pagination) : IPager
{
    readonly LastToken _last = new(pagination);

    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more) => _last.IsReached(content?.Next, content, more) ? null : new(content!.Next!);
}

/// <summary>
/// When a token leads no further: it is not there; it is the one that brought a page without records, which some sources repeat at the end; or
/// the page is a short one of a source that always sends a token, which its definition says by a size that it does not send.
/// </summary>
internal sealed class LastToken(PaginationDefinition pagination)
{
    string? _token;

    /// <summary>Takes the token of the next page into account.</summary>
    public bool IsReached(string? token, ArtefactContent? content, bool? more)
    {
        var isLast = string.IsNullOrEmpty(token)
            || (token == _token && content?.Records is 0)
            || (more is not true && string.IsNullOrEmpty(pagination.SizeParameter) && content?.Records < pagination.Size);
        _token = token;
        return isLast;
    }
}

/// <summary>A token in a response header names the next page.</summary>
internal sealed class HeaderPager(PaginationDefinition pagination) : IPager
{
    readonly LastToken _last = new(pagination);

    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more)
    {
        var token = page.Headers.FirstOrDefault(h => string.Equals(h.Key, pagination.Header, StringComparison.OrdinalIgnoreCase)).Value?.Trim();
        return _last.IsReached(token, content, more) ? null : new(token!);
    }
}

/// <summary>The address of the next page stood in the <c>Link</c> header or in the body; it was made sure of when the answer came.</summary>
internal sealed class AddressPager : IPager
{
    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more) => page.Next is { } address ? new(null, address) : null;
}
