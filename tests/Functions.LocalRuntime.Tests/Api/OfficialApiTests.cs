using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Azure.Functions.Worker;

namespace DataIngestion.LocalRuntime.Tests.Api;

/// <summary>
/// Compares the declarations with the official assemblies, wherever those are to be had: <c>OFFICIAL_PACKAGES</c> names a folder with them,
/// such as the output of the Azure build of an app.
/// </summary>
public sealed class OfficialApiTests
{
    static readonly string? Folder = Environment.GetEnvironmentVariable("OFFICIAL_PACKAGES");

    public static bool HasOfficialAssemblies => !string.IsNullOrEmpty(Folder);

    [Fact(Skip = "OFFICIAL_PACKAGES names no folder with the official assemblies, so the declarations were compared with nothing. docs/azure-local.md says how to make one.",
        SkipUnless = nameof(HasOfficialAssemblies))]
    public void Every_declaration_is_the_official_one()
    {
        var ours = typeof(FunctionAttribute).Assembly.GetExportedTypes().Where(IsOfficial).ToList();
        var official = OfficialTypes();

        var differences = new List<string>();
        foreach (var type in ours)
        {
            var name = PublicSurface.Name(type);
            if (!official.TryGetValue(name, out var theirs))
            {
                differences.Add($"{name}: there is no official type of this name");
                continue;
            }

            var lines = PublicSurface.Of(theirs).ToHashSet(StringComparer.Ordinal);
            if (Declaration(type, theirs) is { } fault)
                differences.Add($"{name}: {fault}");
            differences.AddRange(PublicSurface.Of(type).Skip(1).Where(line => !lines.Contains(line)).Select(line => $"{line}{Environment.NewLine}    official: {Nearest(line, lines)}"));
        }

        Assert.True(ours.Count > 50, "The declarations were not found, so this test would prove nothing.");
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    // A base class or an interface left out takes nothing from a caller but what the apps do without.
    static string? Declaration(Type ours, Type theirs)
    {
        if (PublicSurface.Kind(ours) != PublicSurface.Kind(theirs))
            return $"a {PublicSurface.Kind(ours)}; officially a {PublicSurface.Kind(theirs)}";
        if (PublicSurface.Usage(ours) != PublicSurface.Usage(theirs))
            return $"allowed{PublicSurface.Usage(ours)}; officially{PublicSurface.Usage(theirs)}";
        var invented = Inherited(ours).Except(Inherited(theirs), StringComparer.Ordinal).ToList();
        return invented.Count == 0 ? null : $"is not officially a {string.Join(", ", invented)}";
    }

    static IEnumerable<string> Inherited(Type type)
    {
        var names = type.GetInterfaces().Where(i => i.IsVisible).Select(PublicSurface.Name).ToList();
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
            names.Add(PublicSurface.Name(parent));
        return names;
    }

    static bool IsOfficial(Type type) => !type.Namespace!.StartsWith("DataIngestion", StringComparison.Ordinal);

    static Dictionary<string, Type> OfficialTypes()
    {
        var context = new OfficialContext(Folder!);
        var types = Directory.EnumerateFiles(Folder!, "*.dll")
            .Where(file => Path.GetFileName(file) is { } name
                && (name.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal) || name.Contains("DurableTask", StringComparison.Ordinal)))
            .SelectMany(file => context.LoadFromAssemblyPath(Path.GetFullPath(file)).GetExportedTypes());
        return types.GroupBy(PublicSurface.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
    }

    // The same member with another signature, if there is one.
    static string Nearest(string line, HashSet<string> lines)
    {
        static string Member(string line) => line.Split('(')[0].Split(' ')[^1];
        var member = line.Contains('(', StringComparison.Ordinal) ? Member(line) : "";
        var same = lines.Where(l => member.Length > 0 ? l.Contains('(', StringComparison.Ordinal) && Member(l) == member : l.Split(' ')[0] == line.Split(' ')[0]).ToList();
        return same.Count == 0 ? "nothing of this name" : string.Join(" | ", same);
    }

    // The folder's own assemblies before those of this process, so that nothing of ours answers for them.
    sealed class OfficialContext(string folder) : AssemblyLoadContext("official")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Path.Combine(Path.GetFullPath(folder), assemblyName.Name + ".dll") is var file && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
