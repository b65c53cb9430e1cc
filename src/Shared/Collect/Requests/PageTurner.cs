using DataIngestion.Connect;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Finds the request for the page after a page, and notices when that would never end.</summary>
internal sealed class PageTurner(PaginationDefinition? pagination, RequestTemplate template)
{
    readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    int _pages;
    string? _lastSha256;

    /// <summary>The first page's request.</summary>
    public SourceRequest First { get; } = template.Fill(pagination is { Kind: PaginationKind.Page } ? pagination.FirstPage.ToString() : null);

    /// <summary>The request after a page; null when it was the last.</summary>
    /// <param name="page">What was remembered of the page.</param>
    /// <param name="content">What is in it; null where nobody had to look.</param>
    /// <exception cref="StepFailedException">It leads back (<c>pagination-loop</c>) or goes on too long (<c>too-many-pages</c>).</exception>
    public SourceRequest? After(PageNote page, ArtefactContent? content)
    {
        if (pagination is null)
            return null;
        _pages++;
        var next = pagination.Kind switch
        {
            PaginationKind.Page => AfterNumber(page, content, pagination),
            PaginationKind.Cursor => AfterToken(page, content, pagination),
            _ => AfterLink(page),
        };
        if (next is not null && _pages >= pagination.MaxPages)
        {
            throw Fail(
                "too-many-pages",
                $"{page.Name} is page {_pages} and there is still a next one: expected at most {pagination.MaxPages}. Ask for less, or raise 'maxPages'.");
        }

        return next;
    }

    SourceRequest? AfterNumber(PageNote page, ArtefactContent? content, PaginationDefinition definition)
    {
        if (content?.Records is 0 || content?.Records < definition.Size)
            return null;
        if (page.Sha256 == _lastSha256)
            throw Fail("pagination-loop", $"{page.Name} brought the same page as the number before: the source seems to ignore '{definition.Parameter ?? "{page}"}'.");
        _lastSha256 = page.Sha256;
        return template.Fill((definition.FirstPage + _pages).ToString());
    }

    SourceRequest? AfterToken(PageNote page, ArtefactContent? content, PaginationDefinition definition)
    {
        if (content?.Next is not { } token)
            return null;
        return _visited.Add(token)
            ? template.Fill(token)
            : throw Fail("pagination-loop", $"{page.Name} names a next page that was fetched before: the source goes round in circles at '{definition.NextPath}'.");
    }

    SourceRequest? AfterLink(PageNote page)
    {
        if (page.Next is not { } link)
            return null;
        return _visited.Add(link)
            ? First with { Path = link, Query = [] }
            : throw Fail("pagination-loop", $"{page.Name} links to a next page that was fetched before: the source goes round in circles.");
    }

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
