using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Connect;

/// <summary>
/// Drivers that are not built in, loaded by name from the folder of the setting <c>Ingestion:ProviderFolder</c>: <c>Name.dll</c> or
/// <c>Name/Name.dll</c> with what it depends on beside it. Each has a load context of its own.
/// </summary>
internal sealed partial class ProviderFactories(IConfiguration settings)
{
    const string Setting = "Ingestion:ProviderFolder";

    readonly ConcurrentDictionary<string, Lazy<DbProviderFactory>> _known = new(StringComparer.Ordinal);

    /// <summary>The factory of a driver.</summary>
    /// <param name="provider">The assembly's name, or the factory's full name, a comma, and the assembly's name.</param>
    /// <exception cref="StepFailedException">There is none (<c>provider-missing</c>); says what was looked for.</exception>
    public DbProviderFactory Of(string provider)
    {
        try
        {
            return _known.GetOrAdd(provider, name => new(() => Load(name))).Value;
        }
        catch
        {
            _known.TryRemove(provider, out _); // it may be put there yet
            throw;
        }
    }

    DbProviderFactory Load(string provider)
    {
        var parts = provider.Split(',', StringSplitOptions.TrimEntries);
        var (type, assembly) = parts.Length == 2 ? (parts[0], parts[1]) : (null, parts[0]);
        if (parts.Length > 2 || !Name.IsMatch(assembly))
            throw Fail($"'{provider}' names no driver: expected an assembly such as Microsoft.Data.SqlClient, or a factory and its assembly such as Vendor.Data.VendorFactory, Vendor.Data.");
        if (settings[Setting] is not { Length: > 0 } folder)
            throw Fail($"The driver '{assembly}' is not built in, and the setting '{Setting}' names no folder to load it from.");

        string[] places = [Path.GetFullPath(Path.Combine(folder, $"{assembly}.dll")), Path.GetFullPath(Path.Combine(folder, assembly, $"{assembly}.dll"))];
        var path = Array.Find(places, File.Exists) ?? throw Fail($"The driver '{assembly}' is not there: looked for {string.Join(" and ", places)}.");
        Assembly loaded;
        try
        {
            loaded = new ProviderContext(path).LoadFromAssemblyPath(path);
        }
        catch (Exception unreadable) when (unreadable is BadImageFormatException or FileLoadException)
        {
            throw Fail($"'{path}' cannot be loaded: {unreadable.Message}");
        }

        var factories = loaded.GetExportedTypes().Where(t => !t.IsAbstract && typeof(DbProviderFactory).IsAssignableFrom(t)).ToList();
        var fitting = factories.Where(t => type is null || t.FullName == type).ToList();
        if (fitting is not [var factory])
        {
            throw Fail(
                $"'{path}' has {(fitting.Count == 0 ? "no" : "more than one")} public class that derives from DbProviderFactory{(type is null ? "" : $" and is called {type}")}: "
                + $"{(factories.Count == 0 ? "found none" : $"found {string.Join(", ", factories.Select(f => f.FullName))}; name one as '{factories[0].FullName}, {assembly}'")}.");
        }

        // The convention of ADO.NET: a static field named Instance.
        return factory.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as DbProviderFactory
            ?? factory.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as DbProviderFactory
            ?? throw Fail($"'{factory.FullName}' in '{path}' has no static field 'Instance', as factories of ADO.NET have.");
    }

    static StepFailedException Fail(string message) => new(new() { Code = "provider-missing", Message = message });

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name { get; }

    sealed class ProviderContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        readonly AssemblyDependencyResolver _resolver = new(path);

        // What the platform has itself (System.Data.Common above all) is shared with it.
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name) || Beside(assemblyName) is not { } place ? null : LoadFromAssemblyPath(place);

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } place ? LoadUnmanagedDllFromPath(place) : 0;

        string? Beside(AssemblyName name)
        {
            if (_resolver.ResolveAssemblyToPath(name) is { } resolved)
                return resolved;
            var beside = Path.Combine(Path.GetDirectoryName(path)!, $"{name.Name}.dll");
            return File.Exists(beside) ? beside : null;
        }
    }
}
