using DataIngestion.Contracts;

namespace DataIngestion.Collect.Tests;

public sealed class ManifestAnswerTests
{
    [Theory]
    [InlineData("{type: HttpResponseFilter, http_codes: [404], action: IGNORE}", 404, "", "passed over")]
    [InlineData("{type: HttpResponseFilter, http_codes: [404], action: FAIL, error_message: \"no {{ response.what }}\"}", 404, "{\"what\":\"luck\"}", "failed: no luck")]
    [InlineData("{type: HttpResponseFilter, predicate: \"{{ 'error' in response }}\", action: FAIL}", 200, "{\"error\":{\"message\":\"bad key\"}}", "failed: bad key")]
    [InlineData("{type: HttpResponseFilter, error_message_contains: slow down, action: RETRY}", 400, "{\"message\":\"please slow down\"}", "asked again")]
    [InlineData("{type: HttpResponseFilter, http_codes: [418], action: RATE_LIMITED}", 418, "{}", "asked again")]
    [InlineData("{type: HttpResponseFilter, http_codes: [418], action: RATE_LIMITED}", 404, "{}", "status-404")]
    public async Task Answers_mean_what_the_manifest_says(string filter, int status, string body, string expected)
    {
        var heard = await Judge($"{{type: DefaultErrorHandler, response_filters: [{filter}]}}", status, body);

        Assert.StartsWith(expected, heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{type: ConstantBackoffStrategy, backoff_time_in_seconds: 7}", 7)]
    [InlineData("{type: ExponentialBackoffStrategy, factor: 3}", 6)]
    [InlineData("{type: WaitTimeFromHeader, header: x-wait}", 12)]
    [InlineData("{type: WaitTimeFromHeader, header: x-text, regex: \"in ([0-9]+) s\"}", 9)]
    [InlineData("{type: WaitUntilTimeFromHeader, header: x-until, min_wait: 999}", 999)]
    public async Task Waits_are_the_manifests(string strategy, double seconds)
    {
        var heard = await Judge($"{{type: DefaultErrorHandler, backoff_strategies: [{strategy}], response_filters: [{{type: HttpResponseFilter, http_codes: [429], action: RETRY}}]}}", 429, "{}");

        Assert.Equal($"asked again after {TimeSpan.FromSeconds(seconds)}", heard);
    }

    [Fact]
    public async Task Handlers_come_one_after_another_and_give_up_in_the_end()
    {
        var again = 0;
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => new ManifestBench().RunAsync(
            ManifestBench.Manifest(requester: """
                error_handler:
                  type: CompositeErrorHandler
                  error_handlers:
                    - {type: DefaultErrorHandler, response_filters: [{type: HttpResponseFilter, http_codes: [403], action: IGNORE}]}
                    - {type: DefaultErrorHandler, max_retries: 2, response_filters: [{type: HttpResponseFilter, http_codes: [500], action: RETRY}]}
                """),
            _ =>
            {
                again++;
                return new("{}", 500);
            }));

        Assert.Equal((3, "it answered 500 3 times"), (again, failure.Failure.Message));
    }

    static async Task<string> Judge(string handler, int status, string body)
    {
        var count = 0;
        try
        {
            var heard = await new ManifestBench().RunAsync(ManifestBench.Manifest(requester: $"error_handler: {handler}"), _ => count++ == 0
                ? new(body, status) { Headers = { ["x-wait"] = "12", ["x-text"] = "again in 9 s", ["x-until"] = "0" } }
                : new("""{"data":[{"id":1}]}"""));
            return heard.Waits.Count > 0 ? $"asked again after {heard.Waits[0]}" : heard.Records.Count == 0 ? "passed over" : "read";
        }
        catch (StepFailedException failure)
        {
            return failure.Failure.Code == "failed" ? $"failed: {failure.Failure.Message}" : failure.Failure.Code;
        }
    }
}
