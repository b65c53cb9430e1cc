using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Ends pages that would never end: a token that comes again, the same page again and again, empty pages for ever.</summary>
internal sealed class PageGuard(string stream)
{
    const int MaxSame = 3;
    const int MaxEmpty = 100;
    const int MaxPages = 1_000_000;

    readonly HashSet<long> _tokens = [];
    string _before = "";
    int _same;
    int _empty;
    int _pages;

    /// <summary>Looks at a page and what follows it.</summary>
    /// <exception cref="StepFailedException">It would never end (<c>pagination-endless</c>).</exception>
    public void Check(Answer answer, long records, object next)
    {
        var text = PythonText.Repr(next);
        if (!_tokens.Add(BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))))
            throw Endless($"the token of the next page ({Shown(text)}) was the token of a page before");
        _same = records > 0 && answer.Note.Sha256 == _before ? _same + 1 : 1;
        if (_same == MaxSame)
            throw Endless($"the page '{answer.Note.Name}' and the {MaxSame - 1} before it hold the same");
        _before = answer.Note.Sha256;
        _empty = records == 0 ? _empty + 1 : 0;
        if (_empty > MaxEmpty)
            throw Endless($"{_empty} pages after one another are empty, and each names a next one");
        if (++_pages > MaxPages)
            throw Endless($"there are more than {MaxPages:N0} pages");
    }

    static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";

    StepFailedException Endless(string why) => new(new()
    {
        Code = "pagination-endless",
        Message = $"The pages of the stream '{stream}' would never end: {why}. Check the manifest's paginator, or ask the source.",
    });
}
