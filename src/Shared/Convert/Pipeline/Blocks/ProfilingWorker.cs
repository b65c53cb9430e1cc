using DataIngestion.Conversion.Inference;

namespace DataIngestion.Conversion.Pipeline;

/// <summary>What the values of one block looked like.</summary>
internal sealed class ProfiledBlock : BlockResult
{
    public required ColumnNames Names { get; init; }

    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    public override void Release()
    {
    }
}

/// <summary>Looks at every value of blocks and writes nothing.</summary>
/// <param name="known">The names of the input's columns, where its start has them all.</param>
internal sealed class ProfilingWorker(IBlockFormat format, ConversionInput input, IReadOnlyList<string> known) : IBlockWorker<ProfiledBlock>
{
    const int PieceBytes = 256 << 10;
    readonly IBlockReader _reader = format.CreateReader();

    public ProfiledBlock Run(Block block, BlockStart start, CancellationToken cancellationToken)
    {
        var consumer = new ProfilingConsumer(input.Request, input.Quote, input.Nulls, null);
        for (var i = 0; i < known.Count && format.NamesAtStart && start != BlockStart.Content; i++)
            consumer.Names.Add(known[i]);
        _reader.Begin(start);
        var used = 0;
        for (var size = PieceBytes; used < block.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var take = Math.Min(size, block.Length - used);
            var isRest = used + take == block.Length;
            var read = _reader.Read(block.Content.Slice(used, take), block.IsLast && isRest, consumer);
            if (read == 0 && isRest)
                break;
            size = read == 0 ? size * 2 : PieceBytes;
            used += read;
        }

        consumer.Complete();
        return new()
        {
            Names = consumer.Names,
            Columns = consumer.Columns,
            Bytes = used,
            Lines = block.Content[..used].Count((byte)'\n'),
            Rows = consumer.Rows,
            EndsInsideRejected = _reader.IsInsideRejected,
        };
    }
}
