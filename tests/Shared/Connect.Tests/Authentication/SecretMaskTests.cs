using System.Net;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Connect.Tests;

public sealed class SecretMaskTests
{
    const string Secret = "s3cr3t/marked+value =é\"<&";

    public static TheoryData<string> Forms =>
    [
        Secret,
        Uri.EscapeDataString(Secret),
        WebUtility.UrlEncode(Secret),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)),
        JsonSerializer.Serialize(Secret).Trim('"'),
        WebUtility.HtmlEncode(Secret),
    ];

    [Theory, MemberData(nameof(Forms))]
    public void Every_form_is_masked(string form)
    {
        var mask = new SecretMask();
        mask.Add("KEY", Secret);

        Assert.Equal("before *** after", mask.Apply($"before {form} after"));
    }

    [Fact]
    public void Lines_of_a_key_are_masked_one_by_one()
    {
        var mask = new SecretMask();
        mask.Add(null, "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n-----END KEY-----");

        Assert.Equal("the line *** is no key", mask.Apply("the line MIIEvQIBADANBgkqhkiG is no key"));
    }

    [Fact]
    public void A_secret_within_a_longer_one_does_not_uncover_the_rest()
    {
        var mask = new SecretMask();
        mask.Add("SHORT", "marked");
        mask.Add("LONG", "marked-and-longer");

        Assert.Equal("***, ***", mask.Apply("marked-and-longer, marked"));
    }
}
