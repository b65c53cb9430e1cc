using DataIngestion.Contracts;

namespace DataIngestion.Connect.Tests;

/// <summary>Sources with one dataset, for brokers and document stores on this machine.</summary>
internal static class Brokers
{
    /// <summary>A source; options as in a file, those of the dataset's <c>read</c> last.</summary>
    public static SourceDefinition Source(
        string system, string address, SourceKind kind, ReadDefinition read, AuthenticationDefinition? auth = null, CursorDefinition? cursor = null,
        TimeSpan? timeout = null, bool allowPrivate = true, params (string Name, string Value)[] options) => new()
        {
            Source = "vendor",
            Kind = kind,
            Connection = new()
            {
                System = system,
                BaseUrl = address,
                Auth = auth,
                AllowPrivateNetwork = allowPrivate,
                Limits = Sources.Quick with { Attempts = 1, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(20) },
                Options = options.ToDictionary(o => o.Name, o => o.Value),
            },
            Datasets = [new() { Dataset = "prices", Read = read, Cursor = cursor }],
        };

    public static Dictionary<string, string> Options(params (string Name, string Value)[] options) => options.ToDictionary(o => o.Name, o => o.Value);

    /// <summary><c>auth: {kind: basic}</c> with the password in the setting <c>PASSWORD</c>.</summary>
    public static AuthenticationDefinition Login(string user) => new() { Kind = "basic", Options = Options(("user", user), ("value", "${PASSWORD}")) };

    /// <summary>Short windows: what there is, is there when a test asks.</summary>
    public static ReadDefinition Window(string target, params (string Name, string Value)[] options) =>
        new() { Object = target, Window = TimeSpan.FromMilliseconds(400), Options = Options(options) };
}
