using DataIngestion.LocalRuntime.Durable;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.LocalRuntime.Tests.Durable;

public sealed class StoreFaultTests
{
    [Fact]
    public async Task A_full_disk_is_waited_out_without_losing_work_and_shows_in_the_health()
    {
        var full = false;
        var attempts = 0;
        await using var host = Counting(new StoreProbe
        {
            BeforeCommit = _ =>
            {
                if (!Volatile.Read(ref full))
                    return;
                Interlocked.Increment(ref attempts);
                throw new SqliteException("database or disk is full", 13);
            },
        });
        await host.StartAsync();
        var id = await HalfWayAsync(host, 200);

        Volatile.Write(ref full, true);
        var go = host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        await UntilAsync(() => host.Engine.StoreFault is SqliteException { SqliteErrorCode: 13 } && Volatile.Read(ref attempts) >= 2);
        Assert.False((await host.Client.GetInstanceAsync(id, EngineHost.Token))!.IsCompleted); // reading goes on
        var tried = Volatile.Read(ref attempts);
        Volatile.Write(ref full, false);

        await go;
        Assert.Equal(200, (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.Null(host.Engine.StoreFault);
        Assert.InRange(tried, 2, 50); // later and later, not in a loop
    }

    [Fact]
    public async Task A_file_that_may_really_not_grow_is_waited_out_too()
    {
        var limited = false;
        await using var host = Counting(new StoreProbe
        {
            AfterCommit = connection =>
            {
                if (!Volatile.Read(ref limited))
                    return;
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA max_page_count = 1"; // SQLite takes the present size instead
                command.ExecuteNonQuery();
                Volatile.Write(ref limited, false);
            },
        });
        await host.StartAsync();
        var big = new string('x', 50_000);
        Volatile.Write(ref limited, true);
        await host.StartInstanceAsync("waits");
        await UntilAsync(() => !Volatile.Read(ref limited));

        var start = host.Client.ScheduleNewOrchestrationInstanceAsync("waits", big, new StartOrchestrationOptions("big"), EngineHost.Token);
        await UntilAsync(() => host.Engine.StoreFault is SqliteException { SqliteErrorCode: 13 });
        Assert.False(start.IsCompleted);
        await host.CrashAndRestartAsync(); // a new connection, without the limit

        await Assert.ThrowsAnyAsync<Exception>(() => start); // its caller heard of it
        await host.StartInstanceAsync("waits", big, "big");
        Assert.Equal(big, (await host.Client.WaitForInstanceStartAsync("big", getInputsAndOutputs: true, EngineHost.Token)).ReadInputAs<string>());
    }

    [Fact]
    public async Task A_locked_file_is_waited_out()
    {
        await using var host = Counting(probe: null);
        await host.StartAsync();
        var id = await HalfWayAsync(host, 100);
        Task go;

        await using (var other = new SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(EngineHost.Token);
            await using var transaction = other.BeginTransaction(deferred: false);
            go = host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
            await UntilAsync(() => host.Engine.StoreFault is SqliteException { SqliteErrorCode: 5 });
        }

        await go;
        Assert.Equal(100, (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.Null(host.Engine.StoreFault);
    }

    [Fact]
    public async Task A_caller_can_withdraw_a_request_that_is_held_up()
    {
        var full = false;
        await using var host = Counting(new StoreProbe
        {
            BeforeCommit = _ =>
            {
                if (Volatile.Read(ref full))
                    throw new SqliteException("database or disk is full", 13);
            },
        });
        await host.StartAsync();
        Volatile.Write(ref full, true);
        var held = host.StartInstanceAsync("waits", instanceId: "first"); // begins, and is tried again
        await UntilAsync(() => host.Engine.StoreFault is not null);
        using var patience = new CancellationTokenSource();
        var behind = host.Client.ScheduleNewOrchestrationInstanceAsync("waits", null, new StartOrchestrationOptions("second"), patience.Token);
        await patience.CancelAsync();
        Volatile.Write(ref full, false);

        await held;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => behind);
        Assert.Null(await host.Client.GetInstanceAsync("second", EngineHost.Token));
    }

    [Fact]
    public async Task An_engine_with_a_full_disk_can_be_stopped()
    {
        var full = false;
        await using var host = Counting(new StoreProbe
        {
            BeforeCommit = _ =>
            {
                if (Volatile.Read(ref full))
                    throw new SqliteException("database or disk is full", 13);
            },
        });
        host.Configure = options => options with { DrainTimeout = TimeSpan.FromMilliseconds(100) };
        await host.StartAsync();
        var id = await HalfWayAsync(host, 50);
        Volatile.Write(ref full, true);
        var go = host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        await UntilAsync(() => host.Engine.StoreFault is not null);

        using var hurry = new CancellationTokenSource();
        var stop = host.Engine.StopAsync(hurry.Token);
        await hurry.CancelAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(30), EngineHost.Token);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => go);
        host.Probe = null;
        await host.StartAsync();
        await host.Client.RaiseEventAsync(id, "go", 1, EngineHost.Token);
        Assert.Equal(50, (await host.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task An_operation_that_cannot_be_applied_fails_alone()
    {
        await using var host = Counting(probe: null);
        await host.StartAsync();
        var core = new EngineCore(new() { DatabasePath = Path.Combine(Path.GetDirectoryName(host.DatabasePath)!, "other.db") }, null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, TimeProvider.System);

        var good = core.Writer.WriteAsync(store => store.InsertInstance("a", "n", DateTime.UnixEpoch, null, null), cancellationToken: EngineHost.Token);
        var bad = core.Writer.WriteAsync<int>(_ => throw new FormatException("mine"), cancellationToken: EngineHost.Token);
        var alsoGood = core.Writer.WriteAsync(store => store.InsertInstance("b", "n", DateTime.UnixEpoch, null, null), cancellationToken: EngineHost.Token);

        Assert.Equal(1, await good);
        await Assert.ThrowsAsync<FormatException>(() => bad);
        Assert.Equal(2, await alsoGood);
        await core.Writer.CloseAsync(EngineHost.Token);
        core.Dispose();
    }

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused()
    {
        await using var host = Counting(probe: null);
        await host.StartAsync();
        await using var second = new DurableEngine(new() { DatabasePath = host.DatabasePath }, [], [], Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, new FakeTimeProvider());

        var refused = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(EngineHost.Token));

        Assert.Contains("another process uses this history", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_of_a_newer_format_is_refused_with_advice()
    {
        await using var host = Counting(probe: null);
        await using (var newer = new SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
        {
            await newer.OpenAsync(EngineHost.Token);
            await using var command = newer.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync(EngineHost.Token);
        }

        var refused = await Assert.ThrowsAsync<InvalidDataException>(host.StartAsync);

        Assert.Contains("format 99", refused.Message, StringComparison.Ordinal);
    }

    static EngineHost Counting(StoreProbe? probe) => new EngineHost { Probe = probe }
        .Activity<int, int>("echo", i => i)
        .Orchestrator("waits", context => context.WaitForExternalEvent<int>("never"))
        .Orchestrator("count", async context =>
        {
            var count = 0;
            while (count < context.GetInput<int>())
            {
                count = await context.CallActivityAsync<int>("echo", count + 1);
                if (count != 5)
                    continue;
                context.SetCustomStatus("half way");
                await context.WaitForExternalEvent<int>("go");
            }

            return count;
        });

    static async Task<string> HalfWayAsync(EngineHost host, int count)
    {
        var id = await host.StartInstanceAsync("count", count);
        await host.UntilAsync(id, found => found.SerializedCustomStatus is not null);
        return id;
    }

    static async Task UntilAsync(Func<bool> reached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "not reached in time");
            await Task.Delay(2, EngineHost.Token);
        }
    }
}
