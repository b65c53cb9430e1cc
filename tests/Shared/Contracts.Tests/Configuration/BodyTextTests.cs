namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class BodyTextTests
{
    [Theory]
    [InlineData("""{"a": {from}, "b": "{to:yyyyMMdd}", "c": [{page}], "d": "${KEY}-x", "e": {}}""", null)]
    [InlineData("""[{"idType":"ID_ISIN","idValue":"{isin}"}]""", "application/json; charset=utf-8")]
    [InlineData("""<a b="{from}">${KEY}</a>""", "text/xml")]
    [InlineData("anything { at all", "text/plain")]
    public void What_is_right_whatever_stands_in_it_passes(string body, string? type) => Assert.Null(BodyText.FaultOf(body, type));

    [Theory]
    [InlineData("{\"a\": 1,\n \"b\": }", null, "line 2")]
    [InlineData("{'a': 1}", "application/vnd.vendor+json", "not JSON")]
    [InlineData("", null, "not JSON")]
    [InlineData("<a><b></a>", "application/xml", "not XML")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "application/soap+xml", "not XML")]
    public void What_is_wrong_is_said(string body, string? type, string said) => Assert.Contains(said, BodyText.FaultOf(body, type), StringComparison.Ordinal);
}
