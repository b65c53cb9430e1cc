namespace DataIngestion.Connect;

/// <summary>Names of objects in a store that has no folders: the prefix of a base address, and names below it.</summary>
/// <param name="path">The prefix, with or without slashes around it; empty for none.</param>
internal sealed class ObjectPrefix(string path)
{
    readonly string _base = string.Concat(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part + "/"));

    /// <summary>The path of a base address as a prefix.</summary>
    public static ObjectPrefix Of(Uri address) => new(Uri.UnescapeDataString(address.AbsolutePath));

    /// <summary>Prefix to list a folder with; ends with a slash unless it is empty.</summary>
    public string Of(string? folder) =>
        folder?.Trim('/') is { Length: > 0 } below ? $"{_base}{below}/" : _base;

    /// <summary>Key of a name below the base address.</summary>
    public string KeyOf(string name) => _base + name;

    /// <summary>Name below the base address of a key; null for what isn't a file: the prefix itself and markers of folders.</summary>
    public string? NameOf(string key) =>
        key.Length > _base.Length && key[^1] != '/' && key.StartsWith(_base, StringComparison.Ordinal) ? key[_base.Length..] : null;
}
