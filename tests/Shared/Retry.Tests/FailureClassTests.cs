using DataIngestion.Contracts;

namespace DataIngestion.Retry.Tests;

public sealed class FailureClassTests
{
    [Theory]
    [InlineData("unauthorized", 401, true, false)]
    [InlineData("unreadable", null, true, false)]
    [InlineData("configuration", null, true, false)]
    [InlineData("setting-missing", null, false, false)]
    [InlineData("rate-limited", 429, false, true)]
    [InlineData("source-unavailable", 404, false, true)]
    [InlineData("deadline", null, false, true)]
    [InlineData("odd", 503, false, true)]
    [InlineData("odd", 408, false, true)]
    [InlineData("odd", 404, true, false)]
    [InlineData("odd", 422, true, false)]
    [InlineData("odd", 501, true, false)]
    [InlineData("odd", 200, true, true)]
    [InlineData("odd", null, true, true)]
    [InlineData("odd", null, false, false)]
    public void Code_comes_before_status_and_status_before_the_flag(string code, int? status, bool flag, bool mayPass) =>
        Assert.Equal(mayPass, FailureClass.MayPass(new() { Code = code, Message = "m", HttpStatus = status, IsTransient = flag }));

    [Fact]
    public void A_source_that_names_a_time_will_be_back() =>
        Assert.True(FailureClass.MayPass(new() { Code = "odd", Message = "m", HttpStatus = 403, RetryNotBefore = Samples.Noon }));
}
