using System.Globalization;
using System.Xml.Linq;
using DataIngestion.Conversion.Fix;
using DataIngestion.TestKit;

namespace DataIngestion.Conversion.Tests.Fix;

/// <summary>QuickFIX's dictionaries against those built in.</summary>
[Trait("Category", "corpus")]
public sealed class FixCorpusTests
{
    [Theory]
    [InlineData("FIX40", "FIX.4.0"), InlineData("FIX42", "FIX.4.2"), InlineData("FIX44", "FIX.4.4"), InlineData("FIX50SP2", "FIX.5.0SP2"), InlineData("FIXT11", "FIXT.1.1")]
    public async Task Every_field_has_its_name_type_and_values(string file, string version)
    {
        var content = await File.ReadAllBytesAsync(SharedData.Require("fix", "spec_dictionaries", file + ".xml"), TestContext.Current.CancellationToken);
        var expected = XDocument.Load(new MemoryStream(content)).Root!.Element("fields")!.Elements("field")
            .Select(f => $"{f.Attribute("number")!.Value} {f.Attribute("name")!.Value} {f.Attribute("type")!.Value} {string.Join(',', f.Elements("value").Select(v => $"{v.Attribute("enum")!.Value}={v.Attribute("description")!.Value}").Order(StringComparer.Ordinal))}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Lines(FixDictionaries.Find(version)!));
        Assert.Equal(Lines(FixDictionaries.Find(version)!), Lines(new(FixDictionaryXml.Read(content))));
    }

    static IEnumerable<string> Lines(FixDictionary dictionary) => dictionary.Fields
        .Select(f => $"{f.Tag.ToString(CultureInfo.InvariantCulture)} {f.Name} {f.Type} {string.Join(',', f.Values.Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal))}")
        .Order(StringComparer.Ordinal);
}
