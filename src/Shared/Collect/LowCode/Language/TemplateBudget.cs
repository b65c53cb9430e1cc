namespace DataIngestion.Collect;

/// <summary>What one evaluation may use, so that no template runs for ever or fills the memory.</summary>
internal sealed class TemplateBudget
{
    /// <summary>Characters of one text or output, and elements of one list.</summary>
    public const int MaxText = 4 << 20;

    /// <summary>Operations of one evaluation.</summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>Operations inside one another.</summary>
    public const int MaxDepth = 100;

    long _made;
    int _steps;

    /// <summary>Where in the template the evaluation is.</summary>
    public int Position { get; set; }

    /// <summary>Counts one operation at a place.</summary>
    public void Step(int position)
    {
        Position = position;
        if (++_steps > MaxSteps)
            throw new TemplateException($"more than {MaxSteps} steps: expected a template that ends.");
    }

    /// <summary>Counts what is about to be made; all that one evaluation makes counts, so that doubling a list again and again ends.</summary>
    public void Allow(long size)
    {
        _made += size;
        if (size > MaxText || _made > 16L * MaxText)
            throw new TemplateException($"a value became larger than {MaxText} characters or elements.");
    }

    public string Text(string text)
    {
        Allow(text.Length);
        return text;
    }

    public List<object?> List(List<object?> list)
    {
        Allow(list.Count);
        return list;
    }
}
