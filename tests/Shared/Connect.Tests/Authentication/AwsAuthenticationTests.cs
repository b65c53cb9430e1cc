using System.Globalization;
using System.Net;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class AwsAuthenticationTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task Requests_are_signed_with_keys_from_settings()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(_time, settings: [("ID", "AKID"), ("SECRET", "secret-key")]);

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Aws(("accessKeyId", "${ID}"), ("secretAccessKey", "${SECRET}"))), new() { Path = "/a", Query = [new("b", "c d")] });

        var request = Assert.Single(server.Received);
        Assert.Equal("20260302T090000Z", request.Headers["X-Amz-Date"]);
        Assert.Equal(
            SigV4.Authorization("GET", "/a", "?b=c%20d", [new("host", server.Address.Authority), new("x-amz-date", "20260302T090000Z")], Hash.OfNothing, new("AKID", "secret-key", null), "eu-west-1", "execute-api", Now),
            request.Headers["Authorization"]);
    }

    [Fact]
    public async Task Without_keys_they_come_from_the_environment()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(
            _time, settings: [("AWS_ACCESS_KEY_ID", "AKENV"), ("AWS_SECRET_ACCESS_KEY", "secret-key"), ("AWS_SESSION_TOKEN", "session"), ("AWS_REGION", "us-west-2")]);

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: new() { Kind = "aws" }));

        var request = Assert.Single(server.Received);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKENV/20260302/us-west-2/execute-api/aws4_request", request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("session", request.Headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public async Task A_role_is_taken_on_once_for_fifty_requests_and_again_before_it_ends()
    {
        await using var sts = await StsAsync();
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(_time, settings: [("SECRET", "secret-key")]);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: Aws(
            ("accessKeyId", "AKID"), ("secretAccessKey", "${SECRET}"), ("roleArn", "arn:aws:iam::1:role/reader"), ("externalId", "ours"), ("stsEndpoint", sts.Address.ToString())));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => http.GetTextAsync(source)));
        _time.Advance(TimeSpan.FromMinutes(54));
        await http.GetTextAsync(source);
        var first = Assert.Single(sts.Received);
        _time.Advance(TimeSpan.FromMinutes(2));
        await http.GetTextAsync(source);

        Assert.Equal(2, sts.Received.Count);
        Assert.Equal("Version=2011-06-15&Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Freader&RoleSessionName=data-ingestion&DurationSeconds=3600&ExternalId=ours", first.Body);
        Assert.Contains("/eu-west-1/sts/aws4_request", first.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("token-1", server.Received.First().Headers["X-Amz-Security-Token"]);
        Assert.Equal("token-2", server.Received.Last().Headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public async Task A_role_is_taken_on_with_the_token_in_a_file()
    {
        using var folder = new TemporaryFolder("sts");
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, "issued-by-kubernetes\n", TestContext.Current.CancellationToken);
        await using var sts = await StsAsync();
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(_time);

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Aws(
            ("roleArn", "arn:aws:iam::1:role/reader"), ("webIdentityTokenFile", file), ("stsEndpoint", sts.Address.ToString()))));

        var asked = Assert.Single(sts.Received);
        Assert.EndsWith("Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Freader&RoleSessionName=data-ingestion&DurationSeconds=3600&WebIdentityToken=issued-by-kubernetes", asked.Body, StringComparison.Ordinal);
        Assert.False(asked.Headers.ContainsKey("Authorization"));
        Assert.Equal("token-1", Assert.Single(server.Received).Headers["X-Amz-Security-Token"]);
    }

    [Theory, InlineData(403, "unauthorized", false), InlineData(503, "source-unavailable", true)]
    public async Task A_refusal_of_STS_says_why_without_the_secret(int status, string code, bool transient)
    {
        await using var sts = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<ErrorResponse><Error><Code>AccessDenied</Code><Message>not with secret-key</Message></Error></ErrorResponse>");
        });
        await using var services = Sources.Services(_time, settings: [("SECRET", "secret-key")]);
        var source = Sources.At(new("http://127.0.0.1:1"), Sources.Quick with { Attempts = 1 }, Aws(
            ("accessKeyId", "AKID"), ("secretAccessKey", "${SECRET}"), ("roleArn", "arn:aws:iam::1:role/reader"), ("stsEndpoint", sts.Address.ToString())));

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(source));

        Assert.Equal((code, transient, status), (failure.Code, failure.IsTransient, failure.HttpStatus));
        Assert.Contains("AccessDenied not with ***", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_put_right_by_the_refusal()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Amz-Date"] == "20260302T110000Z" ? 200 : 403;
            context.Response.Headers.Date = Now.AddHours(2).ToString("r", CultureInfo.InvariantCulture);
            return context.Response.WriteAsync("<Error><Code>RequestTimeTooSkewed</Code></Error>");
        });
        await using var services = Sources.Services(_time, settings: [("SECRET", "secret-key")]);
        var source = Sources.At(server.Address, auth: Aws(("accessKeyId", "AKID"), ("secretAccessKey", "${SECRET}")));

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(source);
        await services.GetRequiredService<ISourceHttp>().GetTextAsync(source);

        Assert.Equal(["20260302T090000Z", "20260302T110000Z", "20260302T110000Z"], server.Received.Select(r => r.Headers["X-Amz-Date"]));
    }

    [Theory, InlineData(400), InlineData(60 * 24 * 2)]
    public async Task A_refusal_for_another_reason_is_not_tried_again(int minutes)
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = 403;
            context.Response.Headers.Date = (minutes == 400 ? Now.AddMinutes(1) : Now.AddMinutes(minutes)).ToString("r", CultureInfo.InvariantCulture);
            return context.Response.WriteAsync("no");
        });
        await using var services = Sources.Services(_time, settings: [("SECRET", "secret-key")]);

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Aws(("accessKeyId", "AKID"), ("secretAccessKey", "${SECRET}")))));

        Assert.Equal("forbidden", failure.Code);
        Assert.EndsWith("It said: no", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Temporary_keys_that_the_source_calls_expired_are_asked_for_again()
    {
        await using var sts = await StsAsync();
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Amz-Security-Token"] == "token-2" ? 200 : 400;
            return context.Response.WriteAsync("<Error><Code>ExpiredToken</Code></Error>");
        });
        await using var services = Sources.Services(_time, settings: [("SECRET", "secret-key")]);

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Aws(
            ("accessKeyId", "AKID"), ("secretAccessKey", "${SECRET}"), ("roleArn", "arn:aws:iam::1:role/reader"), ("stsEndpoint", sts.Address.ToString()))));

        Assert.Equal(["token-1", "token-2"], server.Received.Select(r => r.Headers["X-Amz-Security-Token"]));
    }

    [Theory]
    [InlineData("accessKeyId", "AKID", "accessKeyId")]
    [InlineData("secretAccessKey", "plain-text", "reference")]
    [InlineData("externalId", "x", "roleArn")]
    [InlineData("webIdentityTokenFile", "/t", "roleArn")]
    [InlineData("roleDuration", "1m", "15m to 12h")]
    [InlineData("regoin", "x", "region")]
    public void Options_that_do_not_fit_are_found_at_start(string option, string value, string said)
    {
        OptionsBinder.Bind(new Dictionary<string, string> { [option] = value }, typeof(AwsOptions), out var faults);

        Assert.Contains(faults, f => f.Message.Contains(said, StringComparison.Ordinal));
    }

    static AuthenticationDefinition Aws(params (string Name, string Value)[] options) =>
        new() { Kind = "aws", Options = options.Append(("region", "eu-west-1")).ToDictionary(o => o.Item1, o => o.Item2) };

    Task<LoopbackServer> StsAsync() => LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync($"""
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIA{n}</AccessKeyId><SecretAccessKey>temporary-{n}</SecretAccessKey><SessionToken>token-{n}</SessionToken>
        <Expiration>{_time.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """));

    static class Hash
    {
        public const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    }
}
