using DataIngestion.TestKit;

namespace DataIngestion.Cli.Tests.Shipping;

/// <summary>A program on the PATH that writes down how it was called and answers what a test laid down for its first words.</summary>
internal sealed class FakeTools : IDisposable
{
    readonly TemporaryFolder _folder = new("tools");

    /// <summary>The folder for the PATH, before those that hold a shell.</summary>
    public string Path => $"{_folder.Path}{System.IO.Path.PathSeparator}/usr/bin{System.IO.Path.PathSeparator}/bin";

    /// <summary>Installs a program.</summary>
    public FakeTools Install(string name)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            here=$(dirname "$0")
            words={{name}}
            for word in "$@"; do
                case $word in -*|/*) break ;; esac
                words=$words.$word
            done
            printf '%s\n' "$*" >> "$here/{{name}}.log"
            [ -f "$here/$words.sh" ] && . "$here/$words.sh"
            [ -f "$here/$words.err" ] && cat "$here/$words.err" >&2
            [ -f "$here/$words.out" ] && cat "$here/$words.out"
            [ -f "$here/$words.code" ] && exit "$(cat "$here/$words.code")"
            exit 0
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Lays down an answer for calls that begin with these words, the program's name first.</summary>
    public FakeTools Answer(string words, string output = "", string error = "", int code = 0, string script = "")
    {
        var file = _folder.File(words.Replace(' ', '.'));
        File.WriteAllText(file + ".out", output);
        File.WriteAllText(file + ".err", error);
        File.WriteAllText(file + ".code", code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        File.WriteAllText(file + ".sh", script);
        return this;
    }

    /// <summary>How a program was called, in order.</summary>
    public IReadOnlyList<string> CallsOf(string name) => File.Exists(_folder.File($"{name}.log")) ? File.ReadAllLines(_folder.File($"{name}.log")) : [];

    public void Dispose() => _folder.Dispose();
}
