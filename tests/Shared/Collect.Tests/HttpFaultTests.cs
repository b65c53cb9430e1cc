using System.IO.Compression;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Collect.Tests;

/// <summary>
/// The fault matrix of HTTP, through the collector into landing: a fault that passes costs requests and no records; one that stays is
/// reported, leaves what was landed, and the same run goes on from there when it is over. Nothing lost, nothing twice.
/// </summary>
public sealed class HttpFaultTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("refused", "source-unavailable", true), InlineData("reset", "source-unavailable", true), InlineData("cut", "source-unavailable", true)]
    [InlineData("half-open", "timeout", true), InlineData("no answer", "timeout", true), InlineData("too short", "source-unavailable", true), InlineData("truncated gzip", "source-unavailable", true)]
    [InlineData("wrong checksum", "checksum-mismatch", true), InlineData("a part", "unexpected-body", true)]
    [InlineData("408", "timeout", true), InlineData("425", "source-unavailable", true), InlineData("429", "rate-limited", true), InlineData("429 date", "rate-limited", true)]
    [InlineData("500", "source-unavailable", true), InlineData("502", "source-unavailable", true), InlineData("503", "source-unavailable", true), InlineData("504", "source-unavailable", true)]
    [InlineData("400", "request-refused", false), InlineData("401", "unauthorized", false), InlineData("403", "forbidden", false), InlineData("404", "not-found", false), InlineData("409", "request-refused", false)]
    [InlineData("501", "source-error", false), InlineData("redirect loop", "redirect-refused", false), InlineData("redirect to a file", "redirect-refused", false)]
    public async Task A_fault_in_the_middle_loses_nothing_and_lands_nothing_twice(string fault, string code, bool isTransient)
    {
        await using var vendor = await Vendor.StartAsync(fault);
        await using var bench = await Workbench.OpenAsync(azurite);
        var source = bench.Source(vendor.Address, Pages, limits: new() { RequestsPerSecond = 10_000, Burst = 1000, Attempts = 3, Backoff = TimeSpan.FromMilliseconds(1), AttemptTimeout = TimeSpan.FromSeconds(1), BreakerMinimumThroughput = 1000 });

        vendor.Faults = 1;
        if (isTransient && fault != "refused") // which does not pass by itself
        {
            var (result, manifest) = await bench.CollectAsync(source, 1);
            Assert.True(result.Retries >= 1, "the fault was met");
            Assert.Equal(All, await bench.RecordsAsync(manifest));
        }

        vendor.Faults = int.MaxValue;
        var failure = (await Assert.ThrowsAsync<StepFailedException>(() => bench.CollectAsync(source, 2))).Failure;
        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
        Assert.Contains("/pages", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Workbench.Secret, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["00000-pages.json", "00000.json", "plan.json"], (await bench.LandingAsync("bars", 2)).Keys);

        vendor.Heal();
        var asked = vendor.FirstPages;
        var (_, healed) = await bench.CollectAsync(source, 2);
        Assert.Equal(All, await bench.RecordsAsync(healed));
        Assert.Equal(asked, vendor.FirstPages); // what had been landed was not asked for again
    }

    [Fact]
    public async Task A_server_that_restarts_between_two_pages_is_read_on()
    {
        await using var one = await Vendor.StartAsync("none");
        await using var two = await Vendor.StartAsync("none");
        await using var proxy = FaultProxy.Start(one.ServerPort);
        await using var bench = await Workbench.OpenAsync(azurite);
        one.BeforePage = page =>
        {
            if (page != 2)
                return;
            proxy.SwapTo(two.ServerPort); // a fail-over: the answer that is under way is lost
            proxy.ResetAll();
        };

        var (result, manifest) = await bench.CollectAsync(bench.Source(new($"http://127.0.0.1:{proxy.Port}"), Pages), 1);

        Assert.Equal(All, await bench.RecordsAsync(manifest));
        Assert.Equal((3, 1), (result.Artefacts, result.Retries));
        Assert.Equal((1, 0), (one.FirstPages, two.FirstPages));
    }

    static readonly string[] All = [.. Enumerable.Range(1, 5).Select(i => "{\"n\":" + i + "}")];

    static SourceDatasetDefinition Pages => new()
    {
        Dataset = "bars",
        Request = new() { Path = "/pages" },
        Pagination = new() { Kind = PaginationKind.Page, Parameter = "page", Size = 2 },
        Format = new() { Format = "json", RecordPath = "bars[*]" },
    };

    /// <summary>Five records on three pages, the second of which has a fault as often as it is told.</summary>
    sealed class Vendor : IAsyncDisposable
    {
        readonly string _fault;
        FaultProxy _proxy = null!;
        LoopbackServer _server = null!;
        int _faults;
        int _firstPages;

        Vendor(string fault) => _fault = fault;

        public Uri Address => new($"http://127.0.0.1:{_proxy.Port}");

        public int ServerPort => _server.Address.Port;

        public int FirstPages => Volatile.Read(ref _firstPages);

        public int Faults
        {
            set => Volatile.Write(ref _faults, value);
        }

        public Action<int> BeforePage { get; set; } = _ => { };

        public static async Task<Vendor> StartAsync(string fault)
        {
            var vendor = new Vendor(fault);
            vendor._server = await LoopbackServer.StartAsync((context, _, stop) => vendor.AnswerAsync(context, stop));
            vendor._proxy = FaultProxy.Start(vendor._server.Address.Port);
            return vendor;
        }

        public void Heal()
        {
            Faults = 0;
            _proxy.Pass();
        }

        public async ValueTask DisposeAsync()
        {
            await _proxy.DisposeAsync();
            await _server.DisposeAsync();
        }

        async Task AnswerAsync(HttpContext context, CancellationToken stop)
        {
            context.Response.Headers.Connection = "close"; // so that faults of connections hit the next request
            var page = int.TryParse(context.Request.Query["page"].FirstOrDefault(), out var number) ? number : 2;
            BeforePage(page);
            if (page == 1)
            {
                Interlocked.Increment(ref _firstPages);
                if (_fault == "refused" && Volatile.Read(ref _faults) > 0)
                    _proxy.Refuse();
            }

            var records = Encoding.UTF8.GetBytes("{\"bars\":[" + string.Join(',', All.Skip((page - 1) * 2).Take(2)) + "]}");
            if (page == 2 && Volatile.Read(ref _faults) > 0 && Interlocked.Decrement(ref _faults) >= 0)
                await MisbehaveAsync(context, records, stop);
            else
                await context.Response.Body.WriteAsync(records, stop);
        }

        async Task MisbehaveAsync(HttpContext context, byte[] records, CancellationToken stop)
        {
            var response = context.Response;
            switch (_fault)
            {
                case "reset" or "cut" or "half-open":
                    _ = _fault switch { "reset" => _proxy.Reset(Flow.FromServer, 20, 1), "cut" => _proxy.Cut(Flow.FromServer, 20, 1), _ => _proxy.Stall(Flow.FromServer, 20, 1) };
                    await response.Body.WriteAsync(records, stop);
                    break;
                case "no answer":
                    await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(stop, context.RequestAborted).Token);
                    break;
                case "too short":
                    response.ContentLength = records.Length + 10;
                    await response.Body.WriteAsync(records, stop);
                    context.Abort();
                    break;
                case "truncated gzip":
                    using (var packed = new MemoryStream())
                    {
                        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                            await gzip.WriteAsync(records, stop);
                        response.Headers.ContentEncoding = "gzip";
                        await response.Body.WriteAsync(packed.ToArray().AsMemory(0, (int)packed.Length - 9), stop);
                    }

                    break;
                case "wrong checksum":
                    response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(new byte[32])}:";
                    await response.Body.WriteAsync(records, stop);
                    break;
                case "a part":
                    response.StatusCode = 206;
                    await response.Body.WriteAsync(records, stop);
                    break;
                case "429":
                    response.StatusCode = 429;
                    response.Headers.RetryAfter = "0";
                    break;
                case "429 date":
                    response.StatusCode = 429;
                    response.Headers.RetryAfter = DateTimeOffset.UtcNow.ToString("R");
                    break;
                case "redirect loop":
                    Volatile.Write(ref _faults, int.MaxValue);
                    response.Redirect("/pages/again");
                    break;
                case "redirect to a file":
                    response.Redirect("file:///etc/passwd");
                    break;
                default:
                    response.StatusCode = int.Parse(_fault);
                    break;
            }
        }
    }
}
