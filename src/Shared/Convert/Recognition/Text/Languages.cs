using System.Text;
using System.Text.RegularExpressions;

namespace DataIngestion.Conversion.Texts;

/// <summary>Programming languages by the constructs that hardly any other has.</summary>
internal static class Languages
{
    static readonly Dictionary<string, Regex> Constructs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["python"] = @"^\s*(def \w+\(.*\).*:|class \w+(\(.*\))?:|from [\w.]+ import |import [\w.]+( as \w+)?$|if __name__ ==|elif .+:$|except( \w+)?( as \w+)?:$|try:$|with .+ as \w+:$|@\w+(\.\w+)*(\(.*\))?$|for \w+ in .+:$|if .+:$|else:$|return \S|print\()",
        ["javascript"] = @"(^\s*(const|let|var) [\w{}\s,]+ = |function\s*\w*\(.*\)\s*\{|=> ?[{(\w]|require\(['""]|module\.exports|console\.log\(|document\.\w+|^import .* from ['""]|^export (default|const|function)|===|!==)",
        ["c"] = @"^\s*(#include [<""]|#define \w+|#ifn?def \w+|#endif|typedef |struct \w+ \{|static \w+ \**\w+\(|(int|void|char|double|unsigned|bool|size_t) \**\w+\(.*\)|template ?<|using namespace |std::|extern |printf\(|public:|private:|return \w+;|\}\s*else\s*\{)",
        ["csharp"] = @"^\s*(using [A-Z][\w.]*;|using static |namespace [A-Z][\w.]*|(public|internal|private|protected)( static| sealed| override| abstract| async| readonly| partial)* [\w<>\[\]?,. ]+ [A-Z]\w*( \{ get|\(|$|;| =)|/// <|\[[A-Z]\w+(\(.*\))?\]$|var \w+ = |await |foreach \(|get;|return .*;)",
        ["java"] = @"^\s*(package [a-z][\w.]*;|import (static )?[a-z][\w.]*\.[\w*]+;|(public|private|protected)( static| final| abstract| synchronized)* [\w<>\[\], ]+ \w+(\(.*| =.*|;)|public (final )?(class|interface|enum) |@Override|@Test|System\.out\.|throws \w+|/\*\*$|return .*;)",
        ["go"] = @"^\s*(package \w+$|import \($|import ""|func (\(\w+ \*?\w+\) )?\w+\(|type \w+ (struct|interface) \{|\w+(, \w+)* := |if err != nil|defer |return nil)",
        ["rust"] = @"^\s*(use (std|crate|super|\w+)::|pub (fn|struct|enum|mod|trait|use)|fn \w+(<.*>)?\(|impl(<.*>)? \w+|let (mut )?\w+|match \w+.* \{|#\[\w+|println!\(|mod \w+;|Ok\(|Some\()",
        ["shell"] = @"^\s*(if \[|fi$|done|esac|for \w+ in .*; do|while .*; do|do$|then$|export \w+=|echo |\w+\(\) ?\{|set -[eux]|local \w+=|case .* in$|sudo |cd |function \w+|\w+=\$|exit \d|source |\. \./)",
        ["perl"] = @"(^\s*(use strict|use warnings|use [A-Z][\w:]*;|sub \w+ ?\{|my [\$@%(]|foreach my |package [A-Z][\w:]*;|1;$|__END__)|\$\w+->|=~ |@_)",
    }.ToDictionary(p => p.Key, p => new Regex(p.Value, RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), StringComparer.Ordinal);

    /// <summary>How sure the constructs of a language make us: there must be several, and more than of any other.</summary>
    public static double Of(string language, TextSample text)
    {
        var near = Encoding.UTF8.GetString(text.Near[..Math.Min(text.Near.Length, 6 << 10)]);
        var own = Constructs[language].Count(near);
        if (own < 2)
            return 0;
        var lines = near.AsSpan().Count('\n') + 1;
        return own >= 5 && own * 12 >= lines ? 0.93 : own >= 3 && own * 20 >= lines ? 0.8 : own * 5 >= lines ? 0.6 : 0;
    }
}
