namespace DataIngestion.Observe.Settings;

/// <summary>The two apps.</summary>
[Flags]
public enum Apps
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The agents' app.</summary>
    Agents = 1,

    /// <summary>The orchestrators' app.</summary>
    Orchestrators = 2,

    /// <summary>Both.</summary>
    Both = Agents | Orchestrators,
}

/// <summary>One application setting.</summary>
/// <param name="Name">As it is written in the environment, with <c>__</c> between the parts.</param>
/// <param name="Apps">Who reads it.</param>
/// <param name="Default">What holds where it is missing, in words.</param>
/// <param name="Meaning">What it does.</param>
public sealed record Setting(string Name, Apps Apps, string Default, string Meaning)
{
    /// <summary>Says of a value what was expected instead; null when it is good.</summary>
    internal Func<string, string?> Check { get; init; } = _ => null;

    /// <summary>Whether the value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>As configuration sees it.</summary>
    public string Key => Name.Replace("__", ":", StringComparison.Ordinal);
}
