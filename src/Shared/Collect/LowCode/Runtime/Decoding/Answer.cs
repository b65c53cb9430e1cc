namespace DataIngestion.Collect;

/// <summary>An answer as components read it.</summary>
/// <param name="note">What is known of it.</param>
/// <param name="body">Its bytes, seekable.</param>
/// <param name="records">Where its records go; null where they go nowhere.</param>
internal sealed class Answer(PageNote note, Stream body, Stream? records = null)
{
    /// <summary>What is known of it.</summary>
    public PageNote Note => note;

    /// <summary>Where its records go.</summary>
    public Stream? Records => records;

    /// <summary>Whether it is a refusal that the manifest says to pass over: it has no records, and nothing follows it.</summary>
    public bool IsPassedOver => note.IsEmpty || note.Status >= 400;

    /// <summary>Its bytes, from the start.</summary>
    public Stream Body()
    {
        body.Position = 0;
        return body;
    }

    /// <summary>Its headers as templates see them.</summary>
    public LowCodeMap Headers(IEnumerable<string> names)
    {
        var headers = AnswerHeaders.Of(name => note.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value, note.Headers.Keys.Concat(names).Distinct());
        if (note.Next is { } next)
            headers["link"] = headers["Link"] = new LowCodeMap { ["next"] = new LowCodeMap { ["url"] = next, ["rel"] = "next" } };
        else
            headers["link"] = headers["Link"] = new LowCodeMap();
        return headers;
    }
}

/// <summary>A request of a dialogue, and its answer once it is there.</summary>
/// <param name="ask">The request.</param>
internal sealed class Step(Ask ask)
{
    /// <summary>The request.</summary>
    public Ask Ask => ask;

    /// <summary>Looks at the answer before it is landed; a time after which the same is asked again, or null. May be null.</summary>
    public Func<Answer, TimeSpan?>? Check { get; init; }

    /// <summary>The answer. There from when the steps go on.</summary>
    public Answer Answer { get; set; } = null!;
}
