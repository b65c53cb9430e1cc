namespace DataIngestion.LocalRuntime.Durable;

/// <summary>The host's rules for instance ids.</summary>
internal static class InstanceIds
{
    const int MaxLength = 256;

    /// <exception cref="ArgumentException">The id breaks a rule.</exception>
    public static string Check(string instanceId)
    {
        if (instanceId.StartsWith('@'))
            throw new ArgumentException($"'{instanceId}': instance ids must not start with @.", nameof(instanceId));
        if (instanceId.Any(c => c is '/' or '\\' or '?' or '#' || char.IsControl(c)))
            throw new ArgumentException($"'{instanceId}': instance ids must not contain /, \\, #, ?, or control characters.", nameof(instanceId));
        if (instanceId.Length > MaxLength)
            throw new ArgumentException($"'{instanceId}': instance ids must not be longer than {MaxLength} characters.", nameof(instanceId));
        return instanceId;
    }
}
