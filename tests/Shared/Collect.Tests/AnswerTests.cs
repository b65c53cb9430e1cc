using System.Text;
using DataIngestion.Connect;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>What answers mean by a definition's rules.</summary>
public sealed class AnswerTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("""{"error":null,"rows":[]}""", null)]
    [InlineData("""{"error":[],"rows":[]}""", null)]
    [InlineData("""{"error":false}""", null)]
    [InlineData("""{"error":0}""", null)]
    [InlineData("""{"error":""}""", null)]
    [InlineData("""{"error":{}}""", null)]
    [InlineData("""{"error":"no"}""", "no")]
    [InlineData("""{"error":17}""", "17")]
    [InlineData("""{"error":["EQuery:Unknown asset pair"]}""", """["EQuery:Unknown asset pair"]""")]
    [InlineData("""{"error":{"code":3}}""", """{"code":3}""")]
    [InlineData("""{"rows":[{"error":"deeper"}]}""", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void Anything_at_a_path_is_an_error_but_what_vendors_write_for_none(string body, string? message) =>
        Assert.Equal(message, Judge(body, new AnswerDefinition { Path = "error", Means = AnswerMeaning.Failed })?.Message);

    [Fact]
    public void A_rule_fits_when_all_that_it_says_is_so()
    {
        var rule = new AnswerDefinition { Status = 200, Path = "status", Values = ["REQUEST_NOT_PROCESSED", "FAILED"], Contains = "not", MessagePath = "message[0]", Means = AnswerMeaning.Limited, Wait = TimeSpan.FromMinutes(1) };

        var verdict = Judge("""{"status":"request_not_processed","message":["daily threshold"]}""", rule);
        Assert.Equal((AnswerMeaning.Limited, "daily threshold", TimeSpan.FromMinutes(1)), (verdict!.Means, verdict.Message, verdict.Wait));
        Assert.Null(Judge("""{"status":"FAILED"}""", rule));
        Assert.Null(Judge("""{"status":"SUCCEEDED"}""", rule));
        Assert.Null(new AnswerRules([rule]).Judge(new(500, _ => null, Encoding.UTF8.GetBytes("""{"status":"request_not_processed"}"""), true)));
    }

    [Fact]
    public void The_first_rule_that_fits_counts_and_a_cut_off_head_is_judged_as_far_as_it_goes()
    {
        var rules = new AnswerRules([new() { Path = "Note", Contains = "per day", Means = AnswerMeaning.Failed }, new() { Path = "Note", Means = AnswerMeaning.Limited }]);

        Assert.Equal(AnswerMeaning.Limited, rules.Judge(new(200, _ => null, """{"Note":"25 per minute","rows":[{"a"""u8.ToArray(), false))!.Means);
        Assert.Equal(AnswerMeaning.Failed, rules.Judge(new(200, _ => null, """{"Note":"25 per day","rows":[{"a"""u8.ToArray(), false))!.Means);
        Assert.Null(rules.Judge(new(200, _ => null, """{"rows":[{"a"""u8.ToArray(), false)));
    }

    [Fact]
    public async Task Nothing_under_404_is_no_failure_and_ends()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 1 ? 200 : 404;
            return context.Response.WriteAsync(n == 1 ? """{"rows":[{"id":1},{"id":2}]}""" : """{"message":"no data"}""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 2) with { Answers = [new() { Status = 404, Path = "message", Values = ["no data"], Means = AnswerMeaning.Empty }] });

        var (result, manifest) = await bench.CollectAsync(source, 1);
        var (again, _) = await bench.CollectAsync(source, 1);

        Assert.Equal((1, 2), (result.Artefacts, result.Requests));
        Assert.Equal(0, Assert.Single(manifest.Passed).Records);
        Assert.Equal(result, again);
    }

    [Fact]
    public async Task An_error_under_200_that_goes_away_is_asked_again_and_never_landed()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(n switch
        {
            1 => """{"code":"BUSY","rows":[]}""",
            2 => """{"code":"THROTTLED","rows":[]}""",
            _ => """{"rows":[{"id":1}]}""",
        }));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 2) with
        {
            Answers = [new() { Path = "code", Values = ["BUSY"], Means = AnswerMeaning.Retry }, new() { Path = "code", Values = ["THROTTLED"], Means = AnswerMeaning.Limited, Wait = TimeSpan.FromMilliseconds(5) }],
        });

        var (result, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal((3, 2, 1), (result.Requests, result.Retries, manifest.Artefacts.Count));
    }

    [Fact]
    public async Task An_error_under_200_that_stays_fails_with_the_vendors_words_and_no_secret()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(
            $$"""{"error":{"message":"The key {{Workbench.Secret}} has no entitlement for this symbol."},"rows":[]}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 2) with { Answers = [new() { Path = "error", MessagePath = "error.message", Means = AnswerMeaning.Failed }] });

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

        Assert.Equal(("request-refused", false, 1), (failure.Code, failure.IsTransient, server.Received.Count));
        Assert.Contains("has no entitlement for this symbol", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Workbench.Secret, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_without_a_rule_means_what_it_always_does_and_is_quoted()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("""{"message":"plan too small"}""");
        });
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 2) with { Answers = [new() { Status = 404, Means = AnswerMeaning.Empty }] });

        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 1))).Failure;

        Assert.Equal("forbidden", failure.Code);
        Assert.Contains("plan too small", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10), InlineData(70_000), InlineData(200_000)]
    public async Task What_was_judged_is_landed_whole(int length)
    {
        var body = $$"""{"rows":[{"id":1,"text":"{{new string('x', length)}}"}]}""";
        await using var server = await LoopbackServer.StartAsync((context, n) => context.Response.WriteAsync(n == 1 ? body : """{"rows":[]}"""));
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(server.Address, PagedVendor.Dataset("page", 1) with { Answers = [new() { Path = "error", Means = AnswerMeaning.Failed }] });

        var (_, manifest) = await bench.CollectAsync(source, 1);

        Assert.Equal(body, Encoding.UTF8.GetString(await bench.BytesAsync(Assert.Single(manifest.Artefacts).Path)));
    }

    static AnswerVerdict? Judge(string body, AnswerDefinition rule) => new AnswerRules([rule]).Judge(new(200, _ => null, Encoding.UTF8.GetBytes(body), IsWhole: true));
}
