using System.Net;

namespace DataIngestion.Connect.Tests.Quotas;

public sealed class VendorLimitsTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 20, TimeSpan.Zero);

    static VendorLimits Of(int status, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
            Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        return VendorLimits.Of(response, Now, isRefused: false, per => per == TimeSpan.FromMinutes(1) ? 1200 : null);
    }

    [Fact]
    public void The_current_draft_names_the_limit_its_time_and_when_there_is_more()
    {
        var said = Of(200, ("RateLimit-Policy", "\"burst\";q=100;w=60, \"daily\";q=1000;w=86400"), ("RateLimit", "\"burst\";r=0;t=30"));

        Assert.Equal([(TimeSpan.FromSeconds(60), 100), (TimeSpan.FromDays(1), 1000)], said.Limits);
        Assert.Equal(Now.AddSeconds(30), said.NotBefore);
    }

    [Theory]
    [InlineData("X-RateLimit"), InlineData("RateLimit"), InlineData("X-Rate-Limit")]
    public void The_older_headers_are_read(string prefix)
    {
        var said = Of(200, ($"{prefix}-Limit", "60"), ($"{prefix}-Remaining", "0"), ($"{prefix}-Reset", "17"));

        Assert.Equal([(null, 60)], said.Limits);
        Assert.Equal(Now.AddSeconds(17), said.NotBefore);
    }

    [Theory]
    [InlineData("1772366450"), InlineData("1772366450000")]
    public void A_reset_may_be_a_moment_since_1970(string reset) =>
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 50, TimeSpan.Zero), Of(200, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", reset)).NotBefore);

    [Fact]
    public void While_something_is_left_nobody_waits() =>
        Assert.Null(Of(200, ("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset", "17")).NotBefore);

    [Fact]
    public void A_refusal_names_when_to_come_again()
    {
        var said = Of(429, ("Retry-After", "40"));

        Assert.Equal((true, Now.AddSeconds(40)), (said.WasRefused, said.NotBefore!.Value));
    }

    [Theory]
    [InlineData("1200", 40.0), InlineData("1199", null)]
    public void Used_weight_stops_us_until_the_minute_is_over(string used, double? seconds) =>
        Assert.Equal(seconds is { } wait ? Now.AddSeconds(wait) : null, Of(200, ("x-mbx-used-weight-1m", used)).NotBefore);

    [Theory]
    [InlineData("X-RateLimit-Limit", "-5"), InlineData("X-RateLimit-Limit", "NaN"), InlineData("X-RateLimit-Limit", "1e300"), InlineData("RateLimit-Policy", ";;q=;w"), InlineData("RateLimit", "\"a\";r=0;t=1e300")]
    [InlineData("x-mbx-used-weight-", "5"), InlineData("x-mbx-used-weight-99999999999m", "5"), InlineData("X-RateLimit-Reset", "Infinity")]
    public void Nonsense_is_not_believed(string name, string value)
    {
        var said = Of(200, (name, value), ("X-RateLimit-Remaining", "0"));

        Assert.False(said.IsNews);
    }
}
