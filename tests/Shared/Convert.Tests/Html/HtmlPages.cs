namespace DataIngestion.Conversion.Tests.Html;

/// <summary>A small page, written for tests.</summary>
internal static class HtmlPages
{
    public static string Page() => """
        <!DOCTYPE html><html><head><title>x</title></head><body>
        <table role="presentation"><tr><td>menu<td>search<tr><td>a<td>b</table>
        <table><thead><tr><th rowspan=2>Fund</th><th colspan=2>2023</th><th colspan="2">2024</th></tr><tr><th>Net<th>Gross<th>Net<th>Gross</tr></thead>
        <tr><td rowspan=2>A&amp;B</td><td>1.50</td><td>2<td>3<td>4</tr>
        <tr><td>2.00<td>3<td>4<td>5
        <tr><td>&nbsp;<td><td><td><td></td></tr>
        <tr><td>Total<sup> [1]</sup><script>x()</script><td>3.50<td>5<td>7<td>9</table>
        <table><caption>Rates <b>of the day</b></caption><tr><td>Code<td>Rate</tr><tr><td>EUR<td>1.0812<tr><td>USD<td>1.0000</table>
        </body></html>
        """;
}
