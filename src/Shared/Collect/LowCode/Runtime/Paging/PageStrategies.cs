using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Pages by number (<c>PageIncrement</c>). A page with fewer records than its size is the last.</summary>
internal sealed class PageIncrement(Part part, LowCodeRun run) : IPageStrategy
{
    readonly long _start = part.Expression("start_from_page")?.Whole(run.Context) ?? 0;
    readonly bool _inFirst = part.Flag("inject_on_first_request");

    public long? Size { get; } = part.Expression("page_size")?.Whole(run.Context);

    public object? First => _inFirst ? _start : null;

    public object? Next(ReadPage page, object? token) =>
        page.Records == 0 || page.Records < Size ? null : (token is long number ? number : _start) + 1;
}

/// <summary>Pages by the number of records before them (<c>OffsetIncrement</c>).</summary>
internal sealed class OffsetIncrement(Part part, LowCodeRun run) : IPageStrategy
{
    readonly Expression? _size = part.Expression("page_size");
    readonly bool _inFirst = part.Flag("inject_on_first_request");

    public long? Size { get; } = part.Expression("page_size") is { } size && !size.Variables.Contains("response") ? size.Whole(run.Context) : null;

    public object? First => _inFirst ? 0L : null;

    public object? Next(ReadPage page, object? token) =>
        page.Records == 0 || page.Records < _size?.Whole(page.Context) ? null : (token is long offset ? offset : 0) + page.Records;
}

/// <summary>Pages by a token that the answer holds (<c>CursorPagination</c>).</summary>
internal sealed class CursorPagination : IPageStrategy
{
    readonly Expression _value;
    readonly Expression? _stop;

    public CursorPagination(Part part, LowCodeRun run, HeaderNames headers)
    {
        _value = part.NeededExpression("cursor_value");
        _stop = part.Expression("stop_condition") is { IsEmpty: false } stop ? stop : null;
        Size = part.Expression("page_size")?.Whole(run.Context);
        headers.AddFrom(_value);
        headers.AddFrom(_stop);
    }

    public long? Size { get; }

    public object? First => null;

    public object? Next(ReadPage page, object? token) => _stop?.Holds(page.Context) is true ? null : _value.Entry(page.Context);
}
