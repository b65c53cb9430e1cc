namespace DataIngestion.Collect;

/// <summary>What a template can see: the variables given, the clock and the randomness given, and nothing else.</summary>
internal sealed class TemplateContext
{
    /// <summary>Creates one.</summary>
    /// <param name="variables">By name: <c>config</c>, <c>parameters</c>, <c>record</c>, <c>response</c>, <c>stream_slice</c> …</param>
    /// <param name="time">The clock that <c>now_utc()</c> reads.</param>
    /// <param name="random">What <c>generate_uuid()</c> and <c>random</c> draw from.</param>
    public TemplateContext(IReadOnlyDictionary<string, object?> variables, TimeProvider time, Random random)
    {
        Variables = variables;
        Time = time;
        Random = random;
    }

    /// <summary>The variables.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; private init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The randomness.</summary>
    public Random Random { get; }

    /// <summary>
    /// Told when an operation had no meaning for its values, so that the template's own text became the value, as on the platform that the language comes from:
    /// <c>{{ record['a'] + 1 }}</c> where there is no number in <c>a</c>. The whole message, with template and place.
    /// </summary>
    public Action<string>? Unevaluated { get; init; }

    /// <summary>The same with further variables, which hide those of the same name.</summary>
    public TemplateContext With(params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var variables = new Dictionary<string, object?>(Variables, StringComparer.Ordinal);
        foreach (var (name, value) in more)
            variables[name] = value;
        return new(variables, Time, Random) { Unevaluated = Unevaluated };
    }

    // stream_slice has three names, and parameters were once called options.
    internal bool TryFind(string name, out object? value) => Variables.TryGetValue(name, out value) || name switch
    {
        "stream_interval" or "stream_partition" => Variables.TryGetValue("stream_slice", out value),
        "self" => Nothing(out value), // of a template without blocks there is nothing to see
        "options" => Variables.TryGetValue("parameters", out value),
        _ => false,
    };

    static bool Nothing(out object? value)
    {
        value = new LowCodeMap { IsFrozen = true };
        return true;
    }
}
