namespace DataIngestion.Conversion.Pipeline;

/// <summary>The first records of an input that is read in blocks.</summary>
/// <param name="Profile">Their columns and values.</param>
/// <param name="Bytes">Bytes up to where the columns have names: the first block must hold them.</param>
/// <param name="IsWhole">Whether that is all of the input.</param>
internal sealed record InputHead(InputProfile Profile, int Bytes, bool IsWhole)
{
    const int FirstPiece = 64;

    /// <param name="bytes">Bytes to look at.</param>
    /// <returns>Null where no column has a name within them.</returns>
    public static async Task<InputHead?> ReadAsync(ConversionInput input, IBlockFormat format, int bytes, CancellationToken cancellationToken)
    {
        await using var content = await input.OpenAsync(cancellationToken);
        using var block = new Block(bytes);
        block.Length = await content.ReadAtLeastAsync(block.Room[..bytes], bytes, throwOnEndOfStream: false, cancellationToken);
        var isWhole = block.Length < bytes;
        var consumer = new ProfilingConsumer(input.Request, input.Quote, input.Nulls, null);
        var reader = format.CreateReader();
        reader.Begin(BlockStart.Content);
        var (used, named) = (0, 0);
        for (var size = FirstPiece; used < block.Length;)
        {
            var take = named > 0 ? block.Length - used : Math.Min(size, block.Length - used);
            var isRest = used + take == block.Length;
            var read = reader.Read(block.Content.Slice(used, take), isWhole && isRest, consumer);
            if (read == 0 && isRest)
                break;
            size *= 2;
            used += read;
            if (named == 0 && consumer.Names.Count > 0)
                named = used;
        }

        return named == 0 ? null : new(InputProfile.Of(consumer, input), named, isWhole);
    }
}
