using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A token in the body names the next page.</summary>
internal sealed class CursorPager : IPager
{
    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more) => content?.Next is { } token ? new(token) : null;
}

/// <summary>A token in a response header names the next page.</summary>
internal sealed class HeaderPager(PaginationDefinition pagination) : IPager
{
    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more)
    {
        var token = page.Headers.FirstOrDefault(h => string.Equals(h.Key, pagination.Header, StringComparison.OrdinalIgnoreCase)).Value?.Trim();
        return string.IsNullOrEmpty(token) ? null : new(token);
    }
}

/// <summary>The address of the next page stood in the <c>Link</c> header or in the body; it was made sure of when the answer came.</summary>
internal sealed class AddressPager : IPager
{
    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more) => page.Next is { } address ? new(null, address) : null;
}
