using System.Security.Cryptography;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Cli.Sampling;

/// <summary>The settings of a test: those of the sample, and for every other name that a source may refer to <c>sample-NAME</c>.</summary>
internal sealed partial class SampleSettings : ConfigurationProvider, IConfigurationSource
{
    // Options that hold the private key of a pair; a made-up text would not sign anything.
    static readonly string[] KeyOptions = ["key", "privateKey"];

    /// <summary>Settings for one source.</summary>
    /// <param name="source">Whose references they are for.</param>
    /// <param name="given">The sample's own.</param>
    /// <param name="others">What else the capabilities read.</param>
    public SampleSettings(SourceDefinition source, IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> others)
    {
        foreach (var (name, value) in others)
            Data[name] = value;
        foreach (var name in SecretReference.NamesIn(source.Connection?.BaseUrl ?? ""))
            Data[name] = HostOf(name, isWhole: source.Connection!.BaseUrl.StartsWith("${", StringComparison.Ordinal));
        if (source.Connection?.Auth is { } auth)
        {
            foreach (var name in KeyOptions.Select(o => auth[o]).OfType<string>().SelectMany(SecretReference.NamesIn))
                Data[name] = KeyFor(auth);
        }

        foreach (var (name, value) in given)
            Data[name] = value;
    }

    /// <inheritdoc />
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <inheritdoc />
    public override bool TryGet(string key, out string? value)
    {
        if (base.TryGet(key, out value))
            return true;
        value = ReferenceName().IsMatch(key) ? $"sample-{key}" : null;
        return value is not null;
    }

    static string HostOf(string name, bool isWhole)
    {
        var host = name.ToLowerInvariant().Replace('_', '-');
        return isWhole ? $"https://{host}.example.com" : $"sample-{host}";
    }

    static string KeyFor(AuthenticationDefinition auth)
    {
        if (auth["algorithm"]?.StartsWith("HS", StringComparison.Ordinal) is true)
            return "sample-shared-secret-of-at-least-64-bytes-for-the-longest-hash-of-all";
        if (auth["algorithm"]?.StartsWith("ES", StringComparison.Ordinal) is true)
        {
            using var curve = ECDsa.Create(auth["algorithm"] == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
            return curve.ExportPkcs8PrivateKeyPem();
        }

        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    // Names of settings as definitions write them. What the platform reads for itself has other names (Ingestion:ConfigsPath).
    [GeneratedRegex("^[A-Z][A-Z0-9_]*$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex ReferenceName();
}
