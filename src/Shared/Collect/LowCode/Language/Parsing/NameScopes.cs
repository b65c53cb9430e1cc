namespace DataIngestion.Collect;

/// <summary>Keeps apart the names that a template sets itself and those that it needs from outside.</summary>
internal sealed class NameScopes
{
    readonly Stack<HashSet<string>> _own = new([new HashSet<string>(StringComparer.Ordinal)]);

    /// <summary>What has to be there for the template to be evaluated.</summary>
    public HashSet<string> Needed { get; } = new(StringComparer.Ordinal);

    /// <summary>A name that is read.</summary>
    public ExpressionNode Read(Token name)
    {
        if (!_own.Any(s => s.Contains(name.Text)) && !TemplateFunctions.All.ContainsKey(name.Text))
        {
            if (name.Text.StartsWith("__", StringComparison.Ordinal))
                throw new TemplatePlaceException(name.Position, $"'{name.Text}' is not for templates.");
            Needed.Add(name.Text);
        }

        return new NameNode(name.Position, name.Text);
    }

    /// <summary>A name that is set.</summary>
    public void Set(string name) => _own.Peek().Add(name);

    /// <summary>Begins a part whose names do not outlive it.</summary>
    public void Open() => _own.Push(new(StringComparer.Ordinal));

    /// <summary>Ends it.</summary>
    public void Close() => _own.Pop();
}
