using System.Text;

namespace DataIngestion.Conversion.Tests.Pipeline;

public sealed class FaultTests
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i},{i * 0.25}\n")));
    static readonly Converter Small = new() { BlockBytes = 1024, HeadBytes = 512 };

    [Theory]
    [InlineData(1, false), InlineData(2, false), InlineData(4, false), InlineData(2, true)]
    public async Task Cancelled_at_any_read_it_stops_and_reads_no_more(int threads, bool isRowWise)
    {
        var most = await CountReadsAsync(isRowWise);
        for (var reads = 1; reads <= most; reads++)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var input = new FaultyInput(Text, reads, cancel.Cancel);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConvertAsync(input, new MemoryStream(), threads, isRowWise, cancel.Token));
            Assert.Equal(0, input.Open);
        }
    }

    [Theory]
    [InlineData(1, false), InlineData(2, false), InlineData(4, false), InlineData(2, true)]
    public async Task A_failing_input_is_the_error_that_is_thrown(int threads, bool isRowWise)
    {
        var most = await CountReadsAsync(isRowWise);
        for (var reads = 1; reads <= most; reads++)
        {
            var input = new FaultyInput(Text, reads, () => throw new FaultException());
            await Assert.ThrowsAsync<FaultException>(() => ConvertAsync(input, new MemoryStream(), threads, isRowWise, TestContext.Current.CancellationToken));
            Assert.Equal(0, input.Open);
        }
    }

    [Theory]
    [InlineData(1, false), InlineData(2, false), InlineData(4, false), InlineData(2, true)]
    public async Task An_output_without_space_is_the_error_that_is_thrown(int threads, bool isRowWise)
    {
        var whole = new MemoryStream();
        await ConvertAsync(new(Text, int.MaxValue, () => { }), whole, threads, isRowWise, TestContext.Current.CancellationToken);
        for (var room = 0L; room < whole.Length; room += whole.Length / 30)
        {
            var input = new FaultyInput(Text, int.MaxValue, () => { });
            await Assert.ThrowsAsync<FaultException>(() => ConvertAsync(input, new FullOutput(room), threads, isRowWise, TestContext.Current.CancellationToken));
            Assert.Equal(0, input.Open);
        }
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public async Task A_sink_that_fails_is_the_error_that_is_thrown(int threads)
    {
        var text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => i == 2000 ? "1\n" : $"{i},{i}\n")));
        var request = new ConversionRequest { Threads = threads };
        await Assert.ThrowsAsync<FaultException>(() => Small.ConvertAsync(
            _ => new(new MemoryStream(text)), new MemoryStream(), (_, _) => throw new FaultException(), request, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_first_fault_of_the_content_is_thrown_whatever_comes_after_it()
    {
        var text = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => i is 1000 or 2900 ? $"x{i}\n" : $"{i}\n")));
        var request = new ConversionRequest
        {
            Hint = new() { Format = "csv" },
            Schema = new([new("a", Tabular.DataType.Int64)]),
            Policy = SchemaPolicy.Freeze,
            Threads = 4,
        };
        var wrong = await Assert.ThrowsAsync<ConversionException>(() => Conversions.RunAsync(text, request, converter: Small));
        Assert.Contains("record 1001", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(1002, wrong.Line);
    }

    static async Task<int> CountReadsAsync(bool isRowWise)
    {
        var input = new FaultyInput(Text, int.MaxValue, () => { });
        await ConvertAsync(input, new MemoryStream(), 1, isRowWise, TestContext.Current.CancellationToken);
        return input.Reads;
    }

    static Task ConvertAsync(FaultyInput input, Stream output, int threads, bool isRowWise, CancellationToken cancellationToken)
    {
        var request = new ConversionRequest
        {
            Threads = threads,
            Parquet = new() { RowGroupRows = 500, PageRows = 100 },
            SkipRecords = isRowWise ? [1_000_000_000] : [],
        };
        return Small.ConvertAsync(_ => new(input.OpenStream()), output, (_, _) => ValueTask.CompletedTask, request, null, cancellationToken);
    }

    sealed class FaultException : Exception
    {
    }

    /// <summary>An input of which something happens at one of its reads.</summary>
    sealed class FaultyInput(byte[] bytes, int reads, Action fault)
    {
        int _reads;
        int _open;

        /// <summary>Streams not closed; none may be read after that.</summary>
        public int Open => Volatile.Read(ref _open);

        public int Reads => Volatile.Read(ref _reads);

        public Stream OpenStream()
        {
            Interlocked.Increment(ref _open);
            return new Reading(this, bytes);
        }

        sealed class Reading(FaultyInput input, byte[] bytes) : MemoryStream(bytes)
        {
            bool _closed;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_closed, this);
                input.Count();
                return Read(buffer.Span[..Math.Min(buffer.Length, 1500)]);
            }

            protected override void Dispose(bool disposing)
            {
                if (!_closed)
                    Interlocked.Decrement(ref input._open);
                _closed = true;
                base.Dispose(disposing);
            }
        }

        void Count()
        {
            if (Interlocked.Increment(ref _reads) == reads)
                fault();
        }
    }

    sealed class FullOutput(long room) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length + buffer.Length > room)
                throw new FaultException();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
