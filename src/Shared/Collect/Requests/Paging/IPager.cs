namespace DataIngestion.Collect;

/// <summary>One way of turning pages. When it would never end is <see cref="PageTurner"/>'s to notice.</summary>
internal interface IPager
{
    /// <summary>What the first request carries as its page; null for nothing.</summary>
    string? First { get; }

    /// <summary>Where the page after a page is; null when that was the last.</summary>
    /// <param name="page">What was remembered of it.</param>
    /// <param name="content">What is in it; null where its records cannot be counted.</param>
    /// <param name="more">Whether the source said that there is more; null where it said nothing. A false never gets here.</param>
    /// <exception cref="Contracts.StepFailedException">The source does not turn pages this way.</exception>
    NextPage? After(PageNote page, ArtefactContent? content, bool? more);
}

/// <summary>Where the next page is: a value that the request carries, or an address in place of the request's.</summary>
internal sealed record NextPage(string? Value, string? Address = null);
