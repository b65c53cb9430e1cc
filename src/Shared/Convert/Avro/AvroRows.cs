using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

/// <summary>Decodes records into batches.</summary>
internal sealed class AvroRows
{
    const int BatchRows = 65_536;
    const long BatchBytes = 32 << 20;
    const int RowsBetweenChecks = 128;

    /// <summary>How many values may take no bytes: some, and some more for every byte there is.</summary>
    const long FreeAtFirst = 1_000_000;
    const int FreeForEachByte = 16;

    readonly ConversionLimits _limits;
    readonly RecordBatchBuilder _batch;
    readonly RecordDecoder? _row;
    readonly AvroDecoder? _value;
    long _free = FreeAtFirst;

    /// <exception cref="InvalidDataException">The reader's schema cannot take the writer's records.</exception>
    public AvroRows(AvroSchema writer, AvroSchema reader, ConversionLimits limits)
    {
        _limits = limits;
        Least = AvroSizes.Least(writer);
        var targets = new AvroTargets();
        var compiler = new AvroCompiler();
        try
        {
            var target = targets.Of(reader);
            if (!AvroResolution.Matches(writer, reader) && writer.Kind != AvroKind.Union && reader.Kind != AvroKind.Union)
                throw AvroCompiler.Mismatch(writer, reader);
            if (writer.Kind == AvroKind.Record && !target.IsJson && target.Schema.Kind == AvroKind.Record)
                (Schema, _row) = (target.Type.Fields!, compiler.Record(writer, target));
            else
                (Schema, _value) = (new([new("value", target.Type, target.Nullable)]), compiler.Compile(writer, target));
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException($"The Avro schema makes no columns: {wrong.Message.Split(" (Parameter")[0]}", wrong);
        }

        _batch = new(Schema);
        Notes = [.. targets.Notes];
    }

    public DataSchema Schema { get; }

    public IReadOnlyList<string> Notes { get; }

    /// <summary>Bytes that a record takes at least.</summary>
    public int Least { get; }

    /// <summary>Records decoded so far.</summary>
    public long Count { get; private set; }

    public bool IsFull { get; private set; }

    public bool IsEmpty => _batch.Count == 0;

    /// <summary>What was decoded; a record that was begun is forgotten.</summary>
    public RecordBatch Detach()
    {
        IsFull = false;
        return _batch.Detach();
    }

    /// <summary>So many bytes more are there.</summary>
    public void Grant(long bytes) => _free += bytes * FreeForEachByte;

    /// <summary>Refuses a number of records that so many bytes cannot hold.</summary>
    public void CheckCount(long count, int bytes)
    {
        if (count < 0 || (Least > 0 ? count > bytes / Least : count > _free))
            throw new InvalidDataException($"it claims {count} records in {bytes} bytes");
        if (Least == 0)
            _free -= count;
    }

    /// <summary>Decodes records until so many are done, the batch is full, or a record is cut off by the end of the bytes.</summary>
    /// <param name="isCut">Whether the bytes end within a record, which was forgotten.</param>
    /// <returns>Records decoded; <paramref name="used"/> are their bytes.</returns>
    public long Decode(ReadOnlySpan<byte> bytes, long count, out int used, out bool isCut)
    {
        var input = new AvroInput(bytes, _limits.MaxDepth, _free);
        used = 0;
        isCut = false;
        var done = 0L;
        try
        {
            for (; done < count && !IsFull; done++)
            {
                if (_row is not null)
                {
                    _row.Read(ref input, _batch);
                }
                else
                {
                    _value!.Read(ref input, _batch[0]);
                    _batch.EndRow();
                }

                if (input.At - used > _limits.MaxRecordBytes)
                    throw new InvalidDataException($"it has {input.At - used} bytes; the limit 'recordBytes' is {_limits.MaxRecordBytes}");
                used = input.At;
                Count++;
                IsFull = _batch.Count >= BatchRows || (_batch.Count % RowsBetweenChecks == 0 && _batch.Bytes >= BatchBytes) || used >= BatchBytes;
            }
        }
        catch (AvroEndException)
        {
            _batch.DropRow();
            isCut = true;
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"Record {Count + 1} of the Avro data is damaged: {wrong.Message}.", wrong);
        }

        _free = input.Free;
        return done;
    }
}
