using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// The next page begins at the key of the page's last record, or behind it: sources differ, and a record that comes again is known by its
/// content. The end is a page with fewer records than asked for, or one that holds nothing beyond the last key.
/// </summary>
internal sealed class SeekPager(PaginationDefinition pagination) : IPager
{
    string? _key;

    public string? First => null;

    public NextPage? After(PageNote page, ArtefactContent? content, bool? more)
    {
        if (content is null or { Records: 0 } || (more is not true && content.Records < pagination.Size))
            return null;
        if (content.LastKey is not { } key)
            throw Fail("pagination-key-missing", $"None of the {content.Records:N0} records of {page.Name} has the field '{pagination.Field}' by which pages go on: check 'pagination.field'.");
        if (key != _key)
            return new(_key = key);

        var isFull = content.Records >= pagination.Size;
        if (content.FirstKey != key)
            throw Fail("pagination-loop", $"{page.Name} ends at '{key}' like the page before, which it was to follow: the source seems to ignore '{pagination.Parameter ?? "{page}"}'.");
        if (isFull || more is true)
        {
            throw Fail(
                "pagination-stuck",
                $"All {content.Records:N0} records of {page.Name} have '{pagination.Field}' = '{key}', so nobody gets past them: expected fewer records with one key than a page holds. Raise 'size', or go on by another field.");
        }

        return null; // only the last key again: the source takes the key as belonging to the next page
    }

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
