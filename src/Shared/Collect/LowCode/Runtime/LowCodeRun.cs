using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>What a run of a manifest's stream is made from. It is the same for every attempt, the clock of the templates included.</summary>
internal sealed class LowCodeRun
{
    // What is known of a job that was created for a slice.
    static readonly string[] JobVariables = ["creation_response", "polling_response", "download_target"];

    readonly HashSet<string> _references;

    /// <param name="source">The source, with the values of its configuration.</param>
    /// <param name="config">These values as the manifest sees them.</param>
    /// <param name="startedAt">When the run began: what time it is for templates.</param>
    /// <param name="window">The only window asked for; null for all.</param>
    /// <param name="time">The clock that waits are reckoned by.</param>
    public LowCodeRun(SourceDefinition source, LowCodeMap config, DateTimeOffset startedAt, TimeWindow? window, TimeProvider time)
    {
        (Source, Config, StartedAt, Window, Time) = (source, config, startedAt, window, time);
        Context = new(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["config"] = config,
                ["parameters"] = new LowCodeMap(),
                ["stream_slice"] = new LowCodeMap(),
                ["stream_state"] = new LowCodeMap(),
                ["next_page_token"] = null,
            },
            new StoppedClock(startedAt),
            new Random(startedAt.GetHashCode()));
        _references = [.. source.Config.Values.SelectMany(SecretReference.NamesIn), .. SecretReference.NamesIn(source.Connection?.BaseUrl ?? "")];
    }

    /// <summary>The source.</summary>
    public SourceDefinition Source { get; }

    /// <summary>Values of the configuration; secrets are references.</summary>
    public LowCodeMap Config { get; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The only window asked for.</summary>
    public TimeWindow? Window { get; }

    /// <summary>The clock that waits are reckoned by.</summary>
    public TimeProvider Time { get; }

    /// <summary>What templates see that stand for themselves.</summary>
    public TemplateContext Context { get; }

    /// <summary>What templates of a slice see.</summary>
    public TemplateContext For(StreamSlice slice, object? token = null)
    {
        var context = Context.With(("stream_slice", slice.ToValue()), ("next_page_token", token is null ? null : new LowCodeMap { ["next_page_token"] = token }));
        foreach (var name in JobVariables)
        {
            if (slice.Extra.TryGetValue(name, out var value))
                context = context.With((name, value));
        }

        return context;
    }

    /// <summary>A text of a request, with no references but those of the configuration: what a source answers must not lead to other secrets.</summary>
    /// <exception cref="StepFailedException">There is another (<c>reference-refused</c>).</exception>
    public string Checked(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        foreach (var name in SecretReference.NamesIn(text))
        {
            if (!_references.Contains(name))
            {
                throw new StepFailedException(new()
                {
                    Code = "reference-refused",
                    Message = $"A request would hold the reference '${{{name}}}', which is not in the configuration of the source '{Source.Source}': a source's answers must not name secrets.",
                });
            }
        }

        return text;
    }

    sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
