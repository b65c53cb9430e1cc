using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>How a stream's answers are split into pages (<c>DefaultPaginator</c>, <c>NoPagination</c>).</summary>
internal sealed class Paginator
{
    readonly IPageStrategy? _strategy;
    readonly InjectedOption? _size;
    readonly InjectedOption? _token;
    readonly bool _isPath;

    public Paginator(Part? part, LowCodeRun run, HeaderNames headers)
    {
        if (part is null || part.Type == "NoPagination")
            return;
        if (part.Type is not ("DefaultPaginator" or ""))
            throw part.Unknown("paginator");
        var strategy = part.Needed("pagination_strategy");
        _strategy = strategy.Type switch
        {
            "PageIncrement" => new PageIncrement(strategy, run),
            "OffsetIncrement" => new OffsetIncrement(strategy, run),
            "CursorPagination" => new CursorPagination(strategy, run, headers),
            _ => throw strategy.Unknown("pagination strategy"),
        };
        _size = InjectedOption.Of(part, "page_size_option");
        if (_size is not null && _strategy.Size is null)
            throw part.Fault("'page_size_option' needs a 'page_size' of the strategy.");
        if (part.Child("page_token_option") is { } token)
        {
            _isPath = token.Type == "RequestPath" || token.Text("inject_into") == "path";
            _token = _isPath ? null : new(token);
        }
    }

    /// <summary>Token of the first page; null where it has none.</summary>
    public object? First => _strategy?.First;

    /// <summary>Token of the next page; null when there is none.</summary>
    /// <param name="page">The page before.</param>
    /// <param name="token">Its token.</param>
    public object? Next(ReadPage page, object? token) => _strategy?.Next(page, token) is { } next && Operators.Truth(next) ? next : null;

    /// <summary>Where a page is, where its token says so.</summary>
    public string? PathOf(object? token) => _isPath && token is not null ? PythonText.Str(token) : null;

    /// <summary>Puts the page and its size into a request.</summary>
    public void Put(RequestOptions options, object? token, TemplateContext context)
    {
        if (token is not null)
            _token?.Put(options, token, context);
        if (_strategy?.Size is { } size)
            _size?.Put(options, size, context);
    }
}

/// <summary>A page that was read.</summary>
/// <param name="Context">What templates see of it: <c>response</c>, <c>headers</c>, <c>last_record</c>, <c>last_page_size</c>.</param>
/// <param name="Records">Records that were in it, before any filter.</param>
internal sealed record ReadPage(TemplateContext Context, long Records);

/// <summary>Works out the token of the next page.</summary>
internal interface IPageStrategy
{
    /// <summary>Records that a page holds at most; null where that is not known.</summary>
    long? Size { get; }

    /// <summary>Token of the first page; null where it has none.</summary>
    object? First { get; }

    /// <summary>Token of the page after another.</summary>
    object? Next(ReadPage page, object? token);
}
