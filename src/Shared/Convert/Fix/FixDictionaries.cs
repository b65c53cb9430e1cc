using System.Collections.Concurrent;
using System.Text;

namespace DataIngestion.Conversion.Fix;

/// <summary>
/// The dictionaries by which messages are read: those built in, and one that configuration gives, whose fields and messages take precedence
/// whatever version a message names. Thread-safe.
/// </summary>
/// <param name="custom">The dictionary that configuration gives.</param>
/// <param name="application">The version of messages of FIXT.1.1 that do not name theirs.</param>
internal sealed class FixDictionaries(FixDictionary? custom, string application)
{
    static readonly ConcurrentDictionary<string, Lazy<FixDictionary?>> BuiltIn = new(StringComparer.Ordinal);

    /// <summary>ApplVerID (1128) of FIXT.1.1.</summary>
    static readonly string[] ApplicationVersions = ["", "", "FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2"];

    /// <summary>Which dictionary a name of several versions is looked up in first: usual versions before the large ones.</summary>
    static readonly string[] Search = ["FIX.4.4", "FIXT.1.1", "FIX.5.0SP2", "FIX.4.3", "FIX.4.2", "FIX.4.1", "FIX.4.0"];
    readonly ConcurrentDictionary<string, FixVersion> _versions = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, FixField?> _byName = new(StringComparer.Ordinal);

    /// <summary>The dictionary that is built in for a version; null where there is none.</summary>
    public static FixDictionary? Find(string version) =>
        FixDictionaryReader.Versions.Contains(version)
            ? BuiltIn.GetOrAdd(version, v => new(() => FixDictionaryReader.Read(v) is { } text ? new FixDictionary(text) : null)).Value
            : null;

    /// <summary>How messages with this BeginString (8) and ApplVerID (1128) are read.</summary>
    /// <param name="applVerId">Empty where the message has none.</param>
    public FixVersion For(ReadOnlySpan<byte> beginString, ReadOnlySpan<byte> applVerId)
    {
        var key = $"{Encoding.Latin1.GetString(beginString)} {Encoding.Latin1.GetString(applVerId)}";
        if (_versions.TryGetValue(key, out var known))
            return known;
        var version = Make(key.Split(' ', 2));
        // Content may name any number of versions.
        return _versions.Count < 1000 ? _versions.GetOrAdd(key, version) : version;
    }

    FixVersion Make(string[] key)
    {
        var isTransport = key[0].StartsWith("FIXT.", StringComparison.Ordinal);
        var named = key[1].Length == 1 && char.IsAsciiDigit(key[1][0]) ? ApplicationVersions[key[1][0] - '0'] : "";
        var known = Find(key[0]);
        // Another version is read by names that hardly differ between versions.
        var session = known ?? Find(isTransport ? "FIXT.1.1" : "FIX.4.4");
        return new(custom, session, isTransport ? Find(named.Length > 0 ? named : application) : session, known is not null);
    }

    /// <summary>A field by its name, whatever the version; null where no dictionary has it.</summary>
    public FixField? Field(string name) =>
        _byName.GetOrAdd(name, n => custom?.Field(n) ?? Search.Select(v => Find(v)?.Field(n)).FirstOrDefault(f => f is not null));
}

/// <summary>The dictionaries for messages of one version.</summary>
/// <param name="isKnown">Whether there is a dictionary of the version that the message names.</param>
internal sealed class FixVersion(FixDictionary? custom, FixDictionary? session, FixDictionary? messages, bool isKnown)
{
    const int Small = 1024;
    readonly FixField?[] _small = new FixField?[Small];
    readonly ConcurrentDictionary<string, FixMembers?> _bodies = new(StringComparer.Ordinal);
    readonly FixDictionary?[] _all = [custom, messages, session];
    readonly FixMembers _header = custom is { Header.First: > 0 } ? custom.Header : session is { Header.First: > 0 } ? session.Header : FixMembers.None;
    readonly FixMembers _trailer = custom is { Trailer.First: > 0 } ? custom.Trailer : session is { Trailer.First: > 0 } ? session.Trailer : FixMembers.None;

    /// <summary>Whether CHAR is text of any length, as before FIX 4.2.</summary>
    public bool HasLongChars { get; } = custom is null && session?.Version is "FIX.4.0" or "FIX.4.1";

    public bool IsKnown => isKnown || custom is not null;

    public FixMembers Header => _header;

    public FixMembers Trailer => _trailer;

    public FixField? Field(int tag)
    {
        if (tag >= Small)
            return Find(tag);
        // Racing threads find the same.
        return _small[tag] ??= Find(tag);
    }

    FixField? Find(int tag)
    {
        foreach (var dictionary in _all)
        {
            if (dictionary?.Field(tag) is { } field)
                return field;
        }

        return null;
    }

    public string? MessageName(string type) => _all.Select(d => d?.MessageName(type)).FirstOrDefault(n => n is not null);

    /// <summary>The fields of a message's body; null for a type that no dictionary has.</summary>
    public FixMembers? Message(string type)
    {
        if (_bodies.TryGetValue(type, out var known))
            return known;
        var body = _all.Select(d => d?.Message(type)).FirstOrDefault(m => m is not null);
        return body is null ? null : _bodies.GetOrAdd(type, body);
    }

    /// <summary>The entries of a repeating group that is no part of the message's definition; null where no dictionary has it.</summary>
    public FixMembers? Group(int tag) => _all.Select(d => d?.Group(tag)).FirstOrDefault(g => g is not null);
}
