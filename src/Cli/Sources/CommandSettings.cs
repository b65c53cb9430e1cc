using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace DataIngestion.Cli.Sources;

/// <summary>Settings as the command sees them, over others.</summary>
/// <param name="inner">The others.</param>
/// <param name="setting">The command's; a name's value, or null.</param>
internal sealed class CommandSettings(IConfiguration inner, Func<string, string?> setting) : IConfiguration
{
    /// <inheritdoc />
    public string? this[string key]
    {
        get => inner[key] ?? setting(key.Replace(":", "__", StringComparison.Ordinal));
        set => inner[key] = value;
    }

    /// <inheritdoc />
    public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren();

    /// <inheritdoc />
    public IChangeToken GetReloadToken() => inner.GetReloadToken();

    /// <inheritdoc />
    public IConfigurationSection GetSection(string key) => inner.GetSection(key);
}
