using DataIngestion.Connect;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Cli.Describing;

/// <summary>A kind of system that data come from.</summary>
/// <param name="Name">Its name in a connection's <c>system</c>.</param>
/// <param name="Kinds">The kinds of sources that it can be.</param>
/// <param name="Schemes">The schemes of its addresses.</param>
/// <param name="Authentication">The ways of authentication that it can use.</param>
/// <param name="ConnectionOptions">Record of the connection's options.</param>
/// <param name="ReadOptions">Record of the options of <c>read</c>.</param>
internal sealed record SystemEntry(string Name, IReadOnlyList<SourceKind> Kinds, IReadOnlyList<string> Schemes, IReadOnlyList<string> Authentication, Type ConnectionOptions, Type ReadOptions);

/// <summary>A way of authentication.</summary>
/// <param name="Name">Its name in <c>kind</c>.</param>
/// <param name="Options">Record of its options.</param>
internal sealed record AuthenticationEntry(string Name, Type Options);

/// <summary>A template of authentication.</summary>
/// <param name="Name">Its name in <c>template</c>.</param>
/// <param name="Summary">Who takes it.</param>
/// <param name="Kind">The way that it is of.</param>
/// <param name="Parameters">What a source has to say, with descriptions.</param>
/// <param name="Options">The options that it gives.</param>
internal sealed record TemplateEntry(string Name, string Summary, string Kind, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Options);

/// <summary>What a definition can name: systems, ways of authentication and their templates, all by name.</summary>
internal sealed record ConnectCatalogue(IReadOnlyList<SystemEntry> Systems, IReadOnlyList<AuthenticationEntry> Authentications, IReadOnlyList<TemplateEntry> Templates)
{
    /// <summary>What is registered, with the templates of a configuration's folder.</summary>
    public static ConnectCatalogue Of(string configs)
    {
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddConnect().BuildServiceProvider();
        var templates = AuthenticationTemplates.Load(configs, kinds: null);
        return new(
            [.. services.GetServices<ISourceSystem>().OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => new SystemEntry(s.Name, s.Kinds, s.Schemes, s.Authentication, s.ConnectionOptions, s.ReadOptions))],
            [.. services.GetServices<IAuthenticationKind>().OrderBy(k => k.Name, StringComparer.Ordinal).Select(k => new AuthenticationEntry(k.Name, k.Options))],
            [.. templates.Names.Select(n => templates.Find(n)!.ToEntry(n))]);
    }
}

file static class TemplateEntries
{
    public static TemplateEntry ToEntry(this AuthenticationTemplate template, string name) => new(name, template.Summary, template.Kind, template.Parameters, template.Options);
}
