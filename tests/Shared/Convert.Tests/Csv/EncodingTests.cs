using System.Text;

namespace DataIngestion.Conversion.Tests.Csv;

public sealed class EncodingTests
{
    const string German = "Straße,Größe,Preis\nMünchner Straße,groß,1.5\nKölner Weg,schön,2.5\nÜberweg,für Gäste,3.5\n";
    const string French = "ville,pays\nOrléans,France\nSaint-Étienne,été à la forêt\nBesançon,où est l'hôtel\n";
    const string Polish = "miasto,kraj\nŁódź,Polska\nKraków,święta\nGdańsk,część\nWrocław,żółw\nPoznań,źródło\n";
    const string Russian = "город,страна\nМосква,Россия\nСанкт-Петербург,Россия\nКазань,столица Татарстана\n";
    const string Greek = "πόλη,χώρα\nΑθήνα,Ελλάδα\nΘεσσαλονίκη,μεγάλη πόλη\n";
    const string Turkish = "şehir,ülke\nİstanbul,Türkiye\nİzmir,ığdır şişli\nEskişehir,çağdaş\n";
    const string Japanese = "都市,国\n東京,日本\n大阪市,これは日本の都市です\n京都,カタカナ\n";
    const string Chinese = "城市,国家\n北京,中国\n上海市,这是中国最大的城市\n深圳,经济特区\n";

    [Theory]
    [InlineData("windows-1252", German), InlineData("windows-1252", French), InlineData("windows-1250", Polish), InlineData("iso-8859-2", Polish), InlineData("windows-1251", Russian)]
    [InlineData("koi8-r", Russian), InlineData("windows-1253", Greek), InlineData("windows-1254", Turkish), InlineData("shift_jis", Japanese), InlineData("euc-jp", Japanese)]
    [InlineData("gb18030", Chinese), InlineData("utf-16", German), InlineData("utf-16BE", Polish), InlineData("utf-32", Russian + "x,y\n"), InlineData("utf-32BE", French), InlineData("utf-8", Chinese)]
    public async Task An_encoding_without_mark_is_told_by_what_it_makes_of_the_bytes(string name, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

        var converted = await Conversions.RunAsync(encoding.GetBytes(text), new() { Name = "x.csv", Types = TypesMode.Text });

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines[0].Split(','), converted.Schema.Select(c => c.Name));
        Assert.Equal(lines[1..], converted.Rows.Select(r => string.Join(',', r)));
        Assert.NotEqual("unknown", converted.Result.Format.Encoding);
    }

    [Fact]
    public void Where_nothing_tells_it_abstains()
    {
        byte[] bytes = [.. "a,b\n1,x"u8, 0xFF, .. "\n2,y\n"u8];
        var finding = new FormatRecognizer().Recognize(bytes, "x.csv");
        Assert.Equal("unknown", finding.Encoding);
        Assert.Contains(finding.Evidence, e => e.Contains("read as UTF-8", StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_character_does_not_make_UTF8_something_else()
    {
        byte[] bytes = [.. "stadt,preis\nMünchen,1\nKöln,2\nGröße,3\nfür,4\nÄ"u8, 0xC3, .. ",5\n"u8];
        Assert.Equal("utf-8", new FormatRecognizer().Recognize(bytes, "x.csv").Encoding);
    }
}
